/** Peak memory of `validate` and `import` for whatever they are given, and of a worker whatever the peers answer. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pTimeout from 'p-timeout';
import { renderTable } from '../../src/text.ts';
import { hostileFiles } from './hostile-files.ts';
import { HOSTILE_ANSWERS, startHostilePeer } from './hostile-peer.ts';
import { measurePeak, type Peak } from './peak-memory.ts';
import { onboard, startWorker } from './processes.ts';
import { openStage, type Stage, writeCustomers } from './stage.ts';

/** What the design promises. */
const FILE_MIB_MAX = 400;
const WORKER_MIB_MAX = 300;
const SECONDS_MAX = 900;
const WORKER_SECONDS_MAX = 60;
const ROWS = 1_000_000;
/** Files that failed before, if they are there. */
const CASES = '../shared/cases';

type Report = (name: string, peak: Peak, mibMax: number) => void;

/** @param rows of the largest good file */
export async function benchMemory(redisUrl: string, rows = String(ROWS)): Promise<string> {
  const table = [['command', 'input', 'exit', 'seconds', 'peak MiB', 'at most', '']];
  const report: Report = (name, { mib, ended, seconds }, mibMax) => {
    const [command = '', ...input] = name.split(' ');
    const verdict = mib > mibMax ? 'TOO MUCH' : '';
    table.push([
      command,
      input.join(' '),
      ended,
      seconds.toFixed(1),
      mib.toFixed(0),
      String(mibMax),
      verdict,
    ]);
    process.stderr.write(`${table.at(-1)?.join('  ')}\n`);
  };
  const stage = await openStage(redisUrl);
  try {
    await writeCustomers(stage.folder, 1);
    await measureFiles(stage, Number(rows), report);
    await measureCases(stage, report);
  } finally {
    await stage.close();
  }
  for (const who of ['chatApp', 'oss'] as const)
    for (const answer of Object.keys(HOSTILE_ANSWERS)) await measureWorker(redisUrl, { who, answer }, report);
  return renderTable(table);
}

async function measureFiles(stage: Stage, rows: number, report: Report): Promise<void> {
  for (const { name, isGood, write } of hostileFiles(rows)) {
    const folder = await mkdtemp(join(tmpdir(), 'onboard-bench-hostile-'));
    const path = await write(folder);
    report(`validate ${name}`, await measureCommand(stage, ['validate', path]), FILE_MIB_MAX);
    const more = isGood ? [] : ['--dry-run'];
    const skipping = ['--skip-invalid', join(folder, 'rejects.csv')];
    const peak = await measureCommand(stage, ['import', path, ...skipping, ...more]);
    report(`import ${name}`, peak, FILE_MIB_MAX);
    await rm(folder, { recursive: true });
  }
}

async function measureCases(stage: Stage, report: Report): Promise<void> {
  if (!existsSync(CASES)) return;
  const entries = await readdir(CASES, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || entry.name === 'README.md') continue;
    const path = join(entry.parentPath, entry.name);
    const name = `validate ${basename(entry.parentPath)}/${entry.name}`;
    report(name, await measureCommand(stage, ['validate', path]), FILE_MIB_MAX);
  }
}

function measureCommand(stage: Stage, [command = '', ...parameters]: readonly string[]): Promise<Peak> {
  const agreements = ['--agreements', join(stage.folder, 'agreements')];
  return measurePeak({
    start: (env) => onboard([command, ...parameters, ...agreements], { ...stage.environment, ...env }),
    secondsMax: SECONDS_MAX,
  });
}

interface Hostile {
  who: 'chatApp' | 'oss';
  answer: string;
}

async function measureWorker(redisUrl: string, { who, answer }: Hostile, report: Report): Promise<void> {
  const peer = await startHostilePeer(who, answer);
  const stage = await openStage(redisUrl, {}, { CHATAPP_ENDPOINT: peer.endpoint, CHATAPP_PEER: 'rehearsal' });
  try {
    await stage.importCustomers(20);
    const peak = await measurePeak({
      start: (env) => startWorker({ ...stage.environment, ...env }),
      // Several calls at a time, or as many as there are in a minute.
      use: () =>
        pTimeout(peer.hasAnswered(10), {
          milliseconds: WORKER_SECONDS_MAX * 1000,
          fallback: () => undefined,
        }),
      secondsMax: SECONDS_MAX,
    });
    report(`worker ${who}: ${answer}`, peak, WORKER_MIB_MAX);
  } finally {
    await stage.close();
    await peer.stop();
  }
}
