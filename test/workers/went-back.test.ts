/** A backup of Redis that is put back while workers run: the account is held, and nobody is sent twice unflagged. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { claimStore } from '../../src/agreement/identity.ts';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { noteSubmits, readSubmitsOf } from '../../src/agreement/submits-note.ts';
import { recover } from '../../src/batch/recover.ts';
import { resumeAccount } from '../../src/batch/resume.ts';
import { prefixOf } from '../../src/redis/keys.ts';
import { NotedSubmits } from '../../workers/noted-submits.ts';
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
  await expect.poll(() => open.pause.read()).toMatchObject({ why: 'LEDGER_WENT_BACK' });
  await expect(resumeAccount(open, { by: 'test' })).rejects.toMatchObject({ code: 'LEDGER_WENT_BACK' });
  expect(simulator.state.record.accepted).toHaveLength(ROWS);

  expect(await recover(open, { by: 'test' })).toEqual({ batches: 1, rows: ROWS, isPaused: false });
  await waitUntilFinished(world, batchId);
  expect(simulator.state.record.summary()).toMatchObject({ acceptedCustomers: ROWS, acceptedTwice: ROWS });
  for (const { record } of await rowsOf(world, batchId))
    expect(record).toMatchObject({ outcome: 'submitted', ambiguous: 1 });
  // Repeated, it finds nothing in this batch, and says so.
  expect(await recover(open, { by: 'test' })).toEqual({ batches: 0, rows: 0, isPaused: false });
});

it('is noticed by each process for its own submits, before anybody sends again', async () => {
  const { open } = await createWorld({ environment: { ONBOARD_DURABILITY: 'durable' } });
  const seqWatch = new SeqWatch();
  await checkForward({ ...open, seqWatch });
  expect(await open.pause.read()).toBeUndefined();
  seqWatch.confirm(2);
  await checkForward({ ...open, seqWatch });
  expect(await open.pause.read()).toMatchObject({ why: 'LEDGER_EMPTY' });
});

it('holds nothing for what a person has recovered in the meantime', async () => {
  const { open } = await createWorld({ environment: { ONBOARD_DURABILITY: 'durable' } });
  const seqWatch = new SeqWatch();
  seqWatch.confirm(2);
  const readSeq = async () => {
    const seq = await open.ledger.readSeq();
    await recover(open, { by: 'test' });
    return seq;
  };
  await checkForward({ ...open, ledger: { ...open.ledger, readSeq }, seqWatch });
  expect(await open.pause.read()).toBeUndefined();
  // Of what came after the recovery, it is noticed as before.
  seqWatch.confirm((await open.ledger.readSeq()) + 5);
  await checkForward({ ...open, seqWatch });
  expect(await open.pause.read()).toMatchObject({ why: 'LEDGER_WENT_BACK' });
});

it('is held after a recovery, too, if Redis went back once more meanwhile', async () => {
  const { open } = await createWorld({ environment: { ONBOARD_DURABILITY: 'durable' } });
  const listIds = async () => {
    await open.pause.hold('a worker', Number.MAX_SAFE_INTEGER);
    return open.ledger.listIds();
  };
  const recovering = recover({ ...open, ledger: { ...open.ledger, listIds } }, { by: 'test' });
  await expect(recovering).rejects.toMatchObject({ code: 'LEDGER_WENT_BACK' });
  expect(await open.pause.read()).toMatchObject({ why: 'LEDGER_WENT_BACK' });
});

it('is recovered for good although the clock is behind that of an earlier recovery', async () => {
  const { open } = await createWorld({ environment: { ONBOARD_DURABILITY: 'durable' } });
  const soon = Date.now() + 3_600_000;
  const [sent, noted] = [new SeqWatch(), new SeqWatch()];
  sent.confirm(soon + 7);
  await checkForward({ ...open, seqWatch: sent });
  expect(await open.pause.read()).toMatchObject({ why: 'LEDGER_EMPTY' });
  await recover(open, { by: 'test' });
  await checkForward({ ...open, seqWatch: sent });
  expect(await open.pause.read()).toBeUndefined();

  noted.confirm(soon + 9);
  await recover(open, { by: 'test', noted: noted.last });
  await checkForward({ ...open, seqWatch: noted });
  expect(await open.pause.read()).toBeUndefined();
});

it('is held if Redis forgot the recovery itself meanwhile, though nobody else has noticed', async () => {
  const world = await createWorld();
  const putBack = await backUp(world);
  const listIds = async () => {
    await putBack();
    return world.open.ledger.listIds();
  };
  const account = { ...world.open, ledger: { ...world.open.ledger, listIds } };
  await expect(recover(account, { by: 'test' })).rejects.toMatchObject({ code: 'LEDGER_WENT_BACK' });
  expect(await world.open.pause.read()).toMatchObject({ why: 'LEDGER_WENT_BACK' });
  expect(await recover(world.open, { by: 'test' })).toMatchObject({ isPaused: false });
});

it('is noticed by a process that has submitted nothing, once it has asked the store', async () => {
  const { open, folder } = await createWorld({ environment: { ONBOARD_DURABILITY: 'durable' } });
  const store = createDirectoryStore(join(folder, 'store'));
  const first = new NotedSubmits({ ...open, store, seqWatch: new SeqWatch() });
  await first.learn();
  await noteSubmits(store, await claimStore({ redis: open.redis, account: open.account.ledger }, store), 3);
  const second = new NotedSubmits({ ...open, store, seqWatch: new SeqWatch() });
  await second.learnIfStale();
  expect(await open.pause.read()).toMatchObject({ why: 'LEDGER_EMPTY' });
  await Promise.all([first.stop(), second.stop()]);
});

it('lets no submit leave before it has asked the store, again whenever Redis comes back', async () => {
  const { open, folder } = await createWorld({ environment: { ONBOARD_DURABILITY: 'durable' } });
  const store = createDirectoryStore(join(folder, 'store'));
  const seqWatch = new SeqWatch();
  const noted = new NotedSubmits({ ...open, store, seqWatch });
  onTestFinished(() => noted.stop());
  const { signal } = new AbortController();
  await noted.assertLearnt(signal);
  const known = await claimStore({ redis: open.redis, account: open.account.ledger }, store);
  await noteSubmits(store, known, 3);
  await noted.assertLearnt(signal);
  expect(seqWatch.last).toBe(0);
  open.redis.emit('ready');
  await noted.assertLearnt(signal);
  expect(seqWatch.last).toBe(3);
  expect(await open.pause.read()).toMatchObject({ why: 'LEDGER_EMPTY' });

  open.redis.emit('ready');
  await rename(join(folder, 'store'), join(folder, 'away'));
  const refused = { code: 'STORE_MISMATCH', class: 'machine' };
  await expect(noted.assertLearnt(signal)).rejects.toMatchObject(refused);
  await expect(noted.assertLearnt(signal)).rejects.toMatchObject(refused);
  await rename(join(folder, 'away'), join(folder, 'store'));
  await noted.assertLearnt(signal);
});

it('is noted in the store soon after a submit, and at the end', async () => {
  const { open, folder } = await createWorld();
  const store = createDirectoryStore(join(folder, 'store'));
  const seqWatch = new SeqWatch();
  const noted = new NotedSubmits({ ...open, store, seqWatch, everyMs: 60_000 });
  await noted.learn();
  const read = () => readSubmitsOf({ redis: open.redis, account: open.account.ledger }, store);
  for (const seq of [1, 2]) {
    seqWatch.confirm(seq);
    noted.noteSoon();
    await expect.poll(read).toBe(1);
  }
  await noted.stop();
  expect(await read()).toBe(2);
});
