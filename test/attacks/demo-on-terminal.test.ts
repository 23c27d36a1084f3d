/** The demo where somebody watches: it stays up with its batch, and whatever ends it leaves nothing behind. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { ONBOARD } from '../../scripts/ensure-built.ts';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { descendantsOf, isRunning } from '../support/descendants.ts';

const TERMINAL = fileURLToPath(new URL('../support/at-terminal.py', import.meta.url));
const STAYS = 'Ctrl-C ends it.';

async function startDemo(
  parameters: readonly string[],
  { onTerminal }: { onTerminal: boolean },
): Promise<ChildProgram> {
  const cwd = await mkdtemp(join(tmpdir(), 'onboard-demo-'));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const demo = [ONBOARD, 'demo', ...parameters];
  const program = onTerminal
    ? new ChildProgram([TERMINAL, process.execPath, ...demo], { file: 'python3', cwd, env: process.env })
    : new ChildProgram(demo, { cwd, env: process.env });
  onTestFinished(() => program.kill());
  return program;
}

const addressIn = (text: string) => /stays up: (http:\S+)/.exec(text)?.[1] ?? '';

/** @returns the ids of everything that runs now */
function listAll({ pid }: ChildProgram): number[] {
  const all = pid === undefined ? [] : descendantsOf(pid);
  // Redis, two workers and the page.
  expect(all.length).toBeGreaterThanOrEqual(4);
  return all;
}

it('stays up on a terminal with its batch until Ctrl-C, and leaves no process and no port', async () => {
  const demo = await startDemo([], { onTerminal: true });
  await demo.says(STAYS, 'stdout');
  expect(demo.output.stdout).toContain('36 customers accepted, 0 twice');
  const address = addressIn(demo.output.stdout);
  const completed = async () => {
    const page = (await (await fetch(`${address}queues/api/queues`)).json()) as {
      queues: { counts: { completed: number } }[];
    };
    return page.queues.map(({ counts }) => counts.completed);
  };
  // A job is completed a moment after its row.
  await expect.poll(completed).toEqual([36, 36]);
  const all = listAll(demo);
  demo.signal('SIGINT');
  expect(await demo.ended).toEqual({ code: 0, signal: null });
  expect(all.filter(isRunning)).toEqual([]);
  await expect(fetch(address)).rejects.toThrow('fetch failed');
});

it('ends with the window of its terminal', async () => {
  const demo = await startDemo([], { onTerminal: true });
  await demo.says(STAYS, 'stdout');
  const all = listAll(demo);
  demo.signal('SIGHUP');
  await demo.ended;
  await expect.poll(() => all.filter(isRunning)).toEqual([]);
});

it('is interrupted in the middle of its import as it is later', async () => {
  const demo = await startDemo([], { onTerminal: true });
  await demo.says('submitted', 'stdout');
  const all = listAll(demo);
  demo.signal('SIGINT');
  expect(await demo.ended).toEqual({ code: 130, signal: null });
  expect(all.filter(isRunning)).toEqual([]);
});

it('ends by itself on a terminal with --no-stay, and stays up without one with --stay', async () => {
  const [ending, staying] = await Promise.all([
    startDemo(['--no-stay'], { onTerminal: true }),
    startDemo(['--stay'], { onTerminal: false }),
  ]);
  expect(await ending.ended).toEqual({ code: 0, signal: null });
  expect(ending.output.stdout).not.toContain(STAYS);
  await staying.says(STAYS);
  const all = listAll(staying);
  staying.signal('SIGTERM');
  expect(await staying.ended).toEqual({ code: 0, signal: null });
  expect(all.filter(isRunning)).toEqual([]);
});
