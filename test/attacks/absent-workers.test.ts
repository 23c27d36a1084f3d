/** Watching without a worker, with the usual times: a killed one is gone after half a minute, and a minute later the watching ends. */
import { expect, it } from 'vitest';
import type { ChildProgram } from '../../src/sandbox/child-program.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startProgram, startWorkerProgram } from '../support/programs.ts';
import { waitForPeer } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

const ROWS = 30;

/** A batch that is watched, and whose worker was killed when it had begun. */
async function watchWithoutWorker() {
  const world = await createWorld({ rate: 1, ourRate: 1 });
  const worker = await startWorkerProgram(world);
  const batchId = await importRows(world, makeCustomers(ROWS));
  const watching = startProgram(world, ['status', batchId, '--watch']);
  await waitForPeer(world, (record) => record.accepted.length >= 2);
  await worker.kill();
  await watching.says('no worker since 20');
  return { world, batchId, watching };
}

/** When the last worker was there, as whoever watches is told. */
const lastSeen = ({ output }: ChildProgram) =>
  Date.parse(/no worker since (20\S+Z)/.exec(output.stderr)?.[1] ?? '');
const secondsSince = (time: number) => (Date.now() - time) / 1_000;

async function firstLineOf(world: World, batchId: string): Promise<string | undefined> {
  return (await runProgram(world, ['status', batchId])).stdout.split('\n')[0];
}

it('the watching ends with 5 and says what to do if no worker comes', async () => {
  const { world, batchId, watching } = await watchWithoutWorker();
  const since = lastSeen(watching);
  expect(secondsSince(since)).toBeGreaterThanOrEqual(30);
  expect(await firstLineOf(world, batchId)).toMatch(/^no worker +since 20\S+Z$/);
  expect((await watching.ended).code).toBe(5);
  expect(secondsSince(since)).toBeGreaterThanOrEqual(90);
  expect(watching.output.stderr).toMatch(
    /It does not go on: no worker since 20\S+Z\n +→ Start a worker: `onboard worker`\.\nNo row is lost/,
  );
});

it('the watching goes on if a worker comes back', async () => {
  const { world, batchId, watching } = await watchWithoutWorker();
  await startWorkerProgram(world);
  await watching.says('A worker is running.');
  expect((await watching.ended).code).toBe(0);
  expect(await firstLineOf(world, batchId)).toMatch(/^batch +/);
});

it('the end of the batch is not taken for a worker', async () => {
  const world = await createWorld();
  const batchId = await importRows(world, makeCustomers(2));
  const watching = startProgram(world, ['status', batchId, '--watch']);
  await watching.says('no worker has ever run');
  await runProgram(world, ['cancel', batchId]);
  expect((await watching.ended).code).toBe(0);
  expect(watching.output.stderr).not.toContain('A worker is running.');
});
