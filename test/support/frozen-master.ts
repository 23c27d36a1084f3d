/** A batch whose master freezes in the middle: its connections stay open but nothing answers. */
import { expect } from 'vitest';
import { makeCustomers } from './customers.ts';
import { importRows, runProgram, startWorkerProgram } from './programs.ts';
import type { Watched } from './redis-servers.ts';
import { rowsOf } from './rows.ts';
import { waitForPeer, waitUntilFinished } from './waiting.ts';
import type { World } from './world.ts';

const STALL_MS_MAX = 30_000;

/** The batch must finish before the master is thawed, and still be correct after the old master is back. */
export async function finishDuringFreeze(
  world: World,
  { master, takenOver, demoted }: Watched,
  rows: number,
): Promise<void> {
  await startWorkerProgram(world);
  const batchId = await importRows(world, makeCustomers(rows));
  await waitForPeer(world, (record) => record.accepted.length >= 3);
  master.freeze();
  await takenOver();
  const since = performance.now();
  expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(rows);
  expect(longestStall(world, since)).toBeLessThan(STALL_MS_MAX);
  master.thaw();
  await demoted();
  await expectEveryDoubleFlagged(world, batchId);
  expect(world.simulator.state.record.summary().acceptedCustomers).toBe(rows);
  const { code, stdout } = await runProgram(world, ['status', batchId]);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`${rows}`)]);
}

/** Expects every customer accepted more than once to be flagged in the ledger. */
export async function expectEveryDoubleFlagged(world: World, ...batchIds: string[]): Promise<void> {
  const accepted = world.simulator.state.record.accepted.map(({ custSpaceId }) => custSpaceId);
  const doubles = accepted.filter((id, index) => accepted.indexOf(id) < index);
  const rows = await Promise.all(batchIds.map((batchId) => rowsOf(world, batchId)));
  const flagged = rows
    .flat()
    .filter(({ record }) => record.ambiguous > 0)
    .map(({ record }) => record.custSpaceId);
  expect(flagged).toEqual(expect.arrayContaining(doubles));
}

/** Between two calls that arrived at the peer, in milliseconds, once there was a master again: how long that took is not ours. */
function longestStall({ simulator }: World, since: number): number {
  const times = [since, ...simulator.state.record.arrivals.map(({ at }) => at).filter((at) => at > since)];
  return Math.max(...times.map((at, index) => at - (times[index - 1] ?? at)));
}
