/** A job is put off by the clock of the machine that does so: one whose clock is off leaves it to others instead. */
import { DelayedError, WaitingError, Worker } from 'bullmq';
import { expect, it, onTestFinished } from 'vitest';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { addJobs } from '../../src/queue/add.ts';
import { queueName } from '../../src/queue/names.ts';
import { prefixOf } from '../../src/redis/keys.ts';
import { delay } from '../../workers/job-moves.ts';
import { Machine } from '../../workers/machine.ts';
import { NotedSubmits } from '../../workers/noted-submits.ts';
import { SeqWatch } from '../../workers/seq-watch.ts';
import type { StepRun } from '../../workers/step.ts';
import { createWorld, withPeer } from '../support/world.ts';

/** @param aheadSeconds what the clock of the machine is ahead of those of Redis and the peer */
async function putOff(aheadSeconds: number) {
  const world = await createWorld();
  const { redis, folder } = world;
  const account = { ...withPeer(world), now: () => Date.now() + aheadSeconds * 1_000 };
  const { queues, account: names } = account;
  const rows = [{ batchId: 'b', row: 1, redrive: 0, custSpaceId: 'C1' }];
  await addJobs(queues, 'upload', rows, { priority: 10, delay: 0 });
  const options = { connection: redis, prefix: prefixOf(names.ledger), autorun: false };
  const worker = new Worker(queueName('upload', names.ledger), null, options);
  onTestFinished(() => worker.close());
  const job = await worker.getNextJob('token');
  const store = createDirectoryStore(folder);
  const noted = new NotedSubmits({ ...account, store, seqWatch: new SeqWatch() });
  onTestFinished(() => noted.stop());
  const machine = new Machine({ ...account, noted });
  onTestFinished(() => machine.stop());
  const run = { account: { ...account, machine }, job, token: 'token' } as unknown as StepRun;
  const order: unknown = await delay(run, 5_000).catch((error: unknown) => error);
  return { order, machine, state: await job?.getState() };
}

it.each([0, 30, -30])('by %d s ahead: waits', async (seconds) => {
  const { order, machine, state } = await putOff(seconds);
  expect([order, state]).toEqual([expect.any(DelayedError), 'delayed']);
  expect(machine.troubles).toEqual([]);
});

it.each([600, -600])(
  'by %d s ahead: another machine takes it at once, and this one no more',
  async (seconds) => {
    const { order, machine, state } = await putOff(seconds);
    expect([order, state]).toEqual([expect.any(WaitingError), 'prioritized']);
    expect(machine.troubles).toEqual(['clock']);
  },
);
