/** One kind of Redis, 100 customers and two workers: what was promised, and what the simulator, the ledger and the files say. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { createLedger, type Ledger } from '../../src/ledger/ledger.ts';
import { type Durability, durabilityOf } from '../../src/redis/durability.ts';
import { ledgerKey, ledgerNameOf } from '../../src/redis/keys.ts';
import { openRedis } from '../../src/redis/open.ts';
import { readServerFacts } from '../../src/redis/server-facts.ts';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { ONBOARD } from '../ensure-built.ts';
import { startWorker } from './processes.ts';
import type { OpenKind, RedisKind } from './redis-kinds.ts';
import { openStage, type Stage } from './stage.ts';

const CUSTOMERS = 100;
const WORKERS = 2;
/** In the middle of the batch. */
const FAILOVER_AT = 30;
const SAMPLE_EVERY_MS = 200;
const FINISHED_MS_MAX = 180_000;
const TIMEOUTS = { ONBOARD_LOCK_SECONDS: '5', CHATAPP_TIMEOUT_MS: '2000', OSS_TIMEOUT_MS: '2000' };
const VERSION_NAMES = [/v=([\d.]+)/, /version ([\d.]+)/];

export const COLUMNS = [
  'server',
  'kind',
  'what it confirms',
  'in mid-batch',
  'accepted once',
  'twice: flagged, not',
  'throttled',
  'most in 1 s',
  'counts wrong',
  'rows right',
  'seconds',
  'doctor',
];

export async function runKind(kind: RedisKind, program: string): Promise<string[]> {
  const server = `${kind.program === 'valkey-server' ? 'Valkey' : 'Redis'} ${await versionOf(program)}`;
  const opened = await kind.open(program);
  const durability = kind.isRelaxed ? 'relaxed' : 'durable';
  const environment = { ...TIMEOUTS, ONBOARD_DURABILITY: durability, ...opened.environment };
  const stage = await openStage(opened.url, { latencyMs: 40 }, environment);
  try {
    return [server, kind.name, ...(await measure(stage, opened))];
  } catch (error) {
    process.stderr.write(`${server}, ${kind.name}: ${(error as Error).stack}\n`);
    return [server, kind.name, `FAILED: ${(error as Error).message.split('\n')[0]}`];
  } finally {
    await stage.close();
    await opened.close();
  }
}

async function versionOf(program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, ['--version']);
  return VERSION_NAMES.map((name) => name.exec(stdout)?.[1]).find(Boolean) ?? '';
}

async function measure(stage: Stage, opened: OpenKind): Promise<string[]> {
  const redis = await openRedis(await placeOf(stage), { waitsForever: true });
  const workers: ChildProgram[] = [];
  try {
    const ledgerName = ledgerNameOf('rehearsal', stage.account);
    const [ledger, key] = [createLedger(redis, ledgerName), ledgerKey(ledgerName)];
    const confirms = describe(durabilityOf(await readServerFacts(redis, key)));
    await stage.importCustomers(CUSTOMERS);
    const batchId = (await ledger.listBatches(1))[0]?.id ?? '';
    while (workers.length < WORKERS) workers.push(await startWorker(stage.environment));
    const failOver = opened.failOver && (() => opened.failOver?.(key));
    const { seconds, wrongSums, samples } = await follow(stage, { ledger, batchId, failOver });
    await Promise.all(workers.map((worker) => worker.stop()));
    const { once, flagged, unflagged, right } = await judge(stage, ledger, batchId);
    const doctor = await examine(stage);
    const complaint = await opened.complain?.();
    const { submit, authorize } = stage.simulator.state.record.summary();
    return [
      ...[
        confirms,
        opened.failOver ? 'failover' : '–',
        `${once} of ${CUSTOMERS}`,
        `${flagged}, ${unflagged}`,
      ],
      ...[`${submit.throttled + authorize.throttled} of ${submit.calls + authorize.calls}`],
      ...[`${Math.max(submit.mostInOneSecond, authorize.mostInOneSecond)}`, `${wrongSums} of ${samples}`],
      ...[`${right} of ${CUSTOMERS}`, seconds.toFixed(0), complaint ?? doctor],
    ];
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    redis.disconnect();
  }
}

/** As the environment names it. */
async function placeOf({ environment: { REDIS_URL = '', REDIS_CA, REDIS_CERT, REDIS_KEY } }: Stage) {
  const read = async (path: string | undefined) => (path ? readFile(path, 'utf8') : undefined);
  const [ca, cert, key] = await Promise.all([REDIS_CA, REDIS_CERT, REDIS_KEY].map(read));
  return { url: REDIS_URL, tls: { ca, cert, key } };
}

function describe(durability: Durability): string {
  if (durability.kind === 'at once') return 'is on disk';
  if (durability.kind === 'never') return 'unknown, accepted';
  const waits = [...(durability.aof ? ['disk'] : []), ...(durability.replica ? ['replica'] : [])];
  return `waits for ${waits.join(', ')}`;
}

interface Followed {
  ledger: Ledger;
  batchId: string;
  failOver: (() => Promise<void> | undefined) | undefined;
}

/** Until the batch is finished: adds the counts up again and again, and lets the failover happen. */
async function follow(stage: Stage, { ledger, batchId, failOver }: Followed) {
  const begun = performance.now();
  const late = AbortSignal.timeout(FINISHED_MS_MAX);
  let failing: Promise<void> | undefined;
  const tally = { samples: 0, wrongSums: 0 };
  for (let isDone = false; !isDone; ) {
    await sleep(SAMPLE_EVERY_MS);
    late.throwIfAborted();
    if (stage.simulator.state.record.accepted.length >= FAILOVER_AT) failing ??= failOver?.();
    const { counts, state } = await ledger.requireBatch(batchId);
    tally.samples++;
    if (Object.values(counts).reduce((sum, count) => sum + count, 0) !== CUSTOMERS) tally.wrongSums++;
    isDone = state === 'finished';
  }
  const seconds = (performance.now() - begun) / 1_000;
  await failing;
  return { ...tally, seconds };
}

/** @returns what `doctor` finds to be wrong */
async function examine({ environment }: Stage): Promise<string> {
  const doctor = new ChildProgram([ONBOARD, 'doctor', '--json'], { env: environment });
  await doctor.ended;
  const findings = doctor.output.stdout.trim().split('\n').filter(Boolean);
  const parsed = findings.map((line) => JSON.parse(line) as { what: string; isOk: boolean; isNote?: true });
  const about = parsed.filter(({ what }) => what.startsWith('Redis') || what === 'durability');
  const of = (name: string, chosen: typeof about) =>
    chosen.length === 0
      ? []
      : [`${name}: ${chosen.map(({ what }) => what.replace('Redis: ', '')).join(', ')}`];
  const bad = about.filter(({ isOk }) => !isOk);
  const notes = about.filter(({ isOk, isNote }) => isOk && isNote);
  return [...of('BAD', bad), ...of('note', notes)].join('; ') || 'ok';
}

/** @returns of the customers, how many were accepted once or more often; of the rows, how many have the truth in one file */
async function judge(stage: Stage, ledger: Ledger, batchId: string) {
  const times = new Map<string, number>();
  for (const { custSpaceId } of stage.simulator.state.record.accepted)
    times.set(custSpaceId, (times.get(custSpaceId) ?? 0) + 1);
  const report = { once: 0, flagged: 0, unflagged: 0 };
  for await (const { record } of ledger.iterateRows(batchId)) {
    const count = times.get(record.custSpaceId) ?? 0;
    if (count === 1 && record.outcome === 'submitted') report.once++;
    if (count > 1) report[record.ambiguous > 0 ? 'flagged' : 'unflagged']++;
  }
  const seen = await readResults(stage, batchId);
  const right = [...seen].filter(
    ([id, outcomes]) => outcomes.length === 1 && (outcomes[0] === 'submitted') === times.has(id),
  );
  return { ...report, right: right.length };
}

/** @returns the outcomes of each customer in all three files together */
async function readResults({ folder, environment }: Stage, batchId: string): Promise<Map<string, string[]>> {
  const out = join(folder, 'out');
  const program = new ChildProgram([ONBOARD, 'results', batchId, '-o', out, '--json'], { env: environment });
  const { code } = await program.ended;
  if (code !== 0) throw new Error(`results ended with ${code}: ${program.output.stderr}`);
  const seen = new Map<string, string[]>();
  for (const kind of ['succeeded', 'failed', 'unprocessed']) {
    const text = await readFile(join(out, `${kind}.csv`), 'utf8');
    const rows: Record<string, string>[] = parse(text, { columns: true, bom: true });
    for (const { CustSpaceId = '', onboard_outcome: outcome = '' } of rows)
      seen.set(CustSpaceId, [...(seen.get(CustSpaceId) ?? []), outcome]);
  }
  return seen;
}
