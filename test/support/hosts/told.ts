/** What a person is told of hosts in trouble, by the command line, and whether it is true. */
import { expect } from 'vitest';
import { runCommand } from '../command.ts';
import type { World } from '../world.ts';
import type { WorkerHost } from './hosts-world.ts';

interface ToldWorker {
  pid: number;
  state: string;
  since: number;
  stateSince: number;
}

interface ToldStatus {
  state: string;
  total: number;
  counts: Record<string, number>;
  heldBy: { reason: string }[];
  workers: ToldWorker[];
  parkedRows: number[];
}

export const ABSENT = 'absent';
/** Clocks of tests and their servers are the same; what is rounded to the second may be a second early. */
const ROUNDED_MS = 1_000;

export async function readStatus(world: World, batchId: string): Promise<ToldStatus> {
  const { stdout } = await runCommand(world, ['status', batchId, '--json']);
  return JSON.parse(stdout) as ToldStatus;
}

/** What is told of the worker of a host; `absent` if it does not count as there. */
export async function toldOf(world: World, batchId: string, host: WorkerHost): Promise<string> {
  const { workers } = await readStatus(world, batchId);
  return workers.find(({ pid }) => pid === host.worker.pid)?.state ?? ABSENT;
}

/** Whatever a person reads happened since the test began, and not in the future. */
export async function expectTrueTimes(world: World, batchId: string, began: number): Promise<void> {
  const { stdout } = await runCommand(world, ['status', batchId]);
  const ended = Date.now();
  for (const [text] of stdout.matchAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g)) {
    expect(Date.parse(text), `${text} in: ${stdout}`).toBeGreaterThanOrEqual(began - ROUNDED_MS);
    expect(Date.parse(text), `${text} in: ${stdout}`).toBeLessThanOrEqual(ended);
  }
  const { counts, total, workers } = await readStatus(world, batchId);
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(total);
  for (const { since, stateSince } of workers)
    for (const time of [since, stateSince]) {
      expect(time).toBeGreaterThanOrEqual(began);
      expect(time).toBeLessThanOrEqual(Date.now());
    }
}
