import { describe, expect, it } from 'vitest';
import { readStatus } from '../../src/batch/status.ts';
import { addJobs } from '../../src/queue/add.ts';
import { countAhead, type Waiting } from '../../src/queue/ahead.ts';
import { PRIORITY } from '../../src/queue/priority.ts';
import { batchKeys } from '../../src/redis/keys.ts';
import { createWorld, type World } from '../support/world.ts';

function jobsOf(batchId: string, count: number, redrive = 0) {
  return Array.from({ length: count }, (_, index) => ({
    batchId,
    row: index + 1,
    custSpaceId: `C${index}`,
    redrive,
  }));
}

const add = ({ open }: World, batchId: string, count: number, priority: number = PRIORITY.normal) =>
  addJobs(open.queues, 'upload', jobsOf(batchId, count), { priority });

function ahead({ redis, account }: World, batchId: string, changes: Partial<Waiting> = {}) {
  const rows = { upload: 10, submit: 0 };
  const usual = { lastRow: 10, lastRedrive: 0, priority: PRIORITY.normal, rows, isLater: false };
  return countAhead({ redis, account: account.ledger }, { batchId, ...usual, ...changes });
}

describe('the rows ahead of a batch', () => {
  it('are those of earlier batches of its priority and of all more urgent ones, and none of its own', async () => {
    const world = await createWorld();
    await add(world, 'first', 500);
    await add(world, 'ours', 10);
    await add(world, 'later', 500);
    expect(await ahead(world, 'ours')).toBe(500);
    expect(await ahead(world, 'first', { lastRow: 500, rows: { upload: 500, submit: 0 } })).toBe(0);
    await add(world, 'urgent', 70, 50);
    await add(world, 'lazy', 70, 200);
    expect(await ahead(world, 'ours')).toBe(570);
    expect(await ahead(world, 'urgent', { priority: 50, lastRow: 70, rows: { upload: 70, submit: 0 } })).toBe(
      0,
    );
  });

  it('include what waits to be submitted, and end with the last row of the batch', async () => {
    const world = await createWorld();
    await addJobs(world.open.queues, 'submit', jobsOf('first', 40), { priority: PRIORITY.normal });
    await addJobs(world.open.queues, 'submit', jobsOf('ours', 10), { priority: PRIORITY.normal });
    await addJobs(world.open.queues, 'submit', jobsOf('later', 40), { priority: PRIORITY.normal });
    expect(await ahead(world, 'ours', { rows: { upload: 0, submit: 10 } })).toBe(40);
    expect(await ahead(world, 'ours', { rows: { upload: 0, submit: 0 } })).toBe(0);
  });

  it('are found although rows at the end of the batch are done or have no job', async () => {
    const world = await createWorld();
    await add(world, 'first', 100);
    await add(world, 'ours', 10);
    const facts = { lastRow: 20, rows: { upload: 10, submit: 0 } };
    expect(await ahead(world, 'ours', facts)).toBe(100);
  });

  it('are found for rows of a redrive, which are more urgent', async () => {
    const world = await createWorld();
    await add(world, 'first', 100);
    await addJobs(world.open.queues, 'upload', jobsOf('retried', 30, 1), { priority: PRIORITY.first });
    await addJobs(world.open.queues, 'upload', jobsOf('ours', 10, 4), { priority: PRIORITY.first });
    expect(await ahead(world, 'ours', { lastRedrive: 4 })).toBe(30);
  });

  it('are all that are as urgent for a batch that starts later', async () => {
    const world = await createWorld();
    await add(world, 'first', 100);
    await add(world, 'lazy', 100, 200);
    expect(await ahead(world, 'ours', { isLater: true })).toBe(100);
  });
});

it('batches ahead are told with the time that they take, if that is worth telling', async () => {
  const world = await createWorld();
  await add(world, 'first', 500);
  const facts = {
    name: 'n',
    kind: 'import' as const,
    source: 's',
    by: 'test',
    details: '',
    columns: ['CustSpaceId'],
    fieldColumns: [0],
    maxFailures: 0,
    priority: 100,
  };
  await world.open.ledger.createBatch({ id: 'ours', sourceKey: 'k', ...facts });
  await world.redis.hset(batchKeys(world.account.ledger, 'ours').batch, {
    total: 10,
    lastRow: 10,
    pending: 10,
  });
  await add(world, 'ours', 10);
  const { heldBy } = await readStatus(world.open, 'ours');
  // 200 ms a call and the guard of 20 ms.
  expect(heldBy).toMatchObject([{ reason: 'noWorker' }, { reason: 'batchesAhead', rows: 500, seconds: 110 }]);
});
