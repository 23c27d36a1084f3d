/** A backup of Redis that is put back while workers run: the account is held, and nobody is sent twice unflagged. */
import { expect, it } from 'vitest';
import { recover } from '../../src/batch/recover.ts';
import { resumeAccount } from '../../src/batch/resume.ts';
import { prefixOf } from '../../src/redis/keys.ts';
import { checkForward, SeqWatch } from '../../workers/seq-watch.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, type World } from '../support/world.ts';

const ROWS = 3;

/** Everything that Redis has of the account. @returns puts it back */
async function backUp({ redis, account }: World): Promise<() => Promise<void>> {
  const pattern = `${prefixOf(account.ledger)}:*`;
  const keys = await redis.keys(pattern);
  const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
  return async () => {
    const restoring = redis.multi().del(...(await redis.keys(pattern)));
    for (const [index, key] of keys.entries()) restoring.restore(key, 0, dumps[index] ?? Buffer.alloc(0));
    await restoring.exec();
  };
}

it('holds the account until it is recovered, and flags everybody who is sent twice', async () => {
  const world = await createWorld({ rate: 50, ourRate: 50, environment: { ONBOARD_DURABILITY: 'durable' } });
  const { open, simulator } = world;
  const batchId = await importRows(world, makeCustomers(ROWS));
  const putBack = await backUp(world);
  await runWorkers(world);
  await waitUntilFinished(world, batchId);
  await putBack();
  await expect.poll(() => open.pause.read(), { timeout: 20_000 }).toMatchObject({ why: 'LEDGER_WENT_BACK' });
  await expect(resumeAccount(open, { by: 'test' })).rejects.toMatchObject({ code: 'LEDGER_WENT_BACK' });
  expect(simulator.state.record.accepted).toHaveLength(ROWS);

  expect(await recover(open, { by: 'test' })).toEqual({ batches: 1, rows: ROWS });
  await waitUntilFinished(world, batchId);
  expect(simulator.state.record.summary()).toMatchObject({ acceptedCustomers: ROWS, acceptedTwice: ROWS });
  for (const { record } of await rowsOf(world, batchId))
    expect(record).toMatchObject({ outcome: 'submitted', ambiguous: 1 });
});

it('is noticed by each process for its own submits, before anybody sends again', async () => {
  const { open } = await createWorld({ environment: { ONBOARD_DURABILITY: 'durable' } });
  const seqWatch = new SeqWatch();
  await checkForward({ ...open, seqWatch });
  expect(await open.pause.read()).toBeUndefined();
  seqWatch.confirm(2);
  await checkForward({ ...open, seqWatch });
  expect(await open.pause.read()).toMatchObject({ why: 'LEDGER_WENT_BACK' });
});
