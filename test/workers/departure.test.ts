/** How a call gets on its way: the row is marked before anything can leave, and not any more if nothing does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, it, onTestFinished } from 'vitest';
import { claimStore } from '../../src/agreement/identity.ts';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { noteSubmits } from '../../src/agreement/submits-note.ts';
import { Departure } from '../../workers/departure.ts';
import { NotedSubmits } from '../../workers/noted-submits.ts';
import { SeqWatch } from '../../workers/seq-watch.ts';
import type { StepRun } from '../../workers/step.ts';
import { submitStep } from '../../workers/submit.ts';
import { createBatch, makeRow } from '../support/ledger.ts';
import { seedPace } from '../support/pace.ts';
import { createWorld } from '../support/world.ts';

/** A row that waits to be submitted, and a run of it. */
async function setUp(confirm?: () => Promise<void>) {
  const { open, folder } = await createWorld({ ourRate: 50 });
  await seedPace(open.redis, 'submit', { account: open.account.ledger, rate: 50, intervalMs: 25 });
  const { ledger } = open;
  await createBatch(ledger, 'b', [makeRow(1)]);
  const data = { batchId: 'b', row: 1, custSpaceId: 'C1' };
  for (const to of ['uploading', 'uploaded'] as const) await ledger.transition({ ...data, to });
  const stopping = new AbortController();
  const durable = confirm ? { begin: async () => ({ needsWait: true, confirm }) } : open.durable;
  const [seqWatch, store] = [new SeqWatch(), createDirectoryStore(folder)];
  const noted = new NotedSubmits({ ...open, store, seqWatch });
  onTestFinished(() => noted.stop());
  const account = { ...open, durable, seqWatch, noted };
  const run = { account, data, attemptToken: 'run', turn: { isOurs: false }, stopping: stopping.signal };
  const departure = new Departure(submitStep, run as unknown as StepRun);
  const read = async () => (await ledger.readRow('b', 1))?.record;
  return { open, departure, read, stopping, data, store, noted };
}

it('marks the row with its slot, and leaves when that is due', async () => {
  const { departure, read } = await setUp();
  await departure.begin();
  expect(await read()).toMatchObject({ outcome: 'submitting', token: 'run', attempts: 1 });
  await departure.leave();
  expect(departure.grant).toEqual({ isProbe: false, refusals: 0 });
});

it('where durability takes a wait of its own, marks first, waits, and then takes the slot', async () => {
  const seen: unknown[] = [];
  const { departure, read, open } = await setUp(async () => {
    seen.push(await read(), (await open.pacer.read('submit')).granted);
  });
  await departure.begin();
  expect(seen).toMatchObject([{ outcome: 'submitting', token: 'run', attempts: 1 }, 0]);
  await departure.leave();
  expect(await read()).toMatchObject({ outcome: 'submitting', token: 'run', attempts: 1 });
  expect((await open.pacer.read('submit')).granted).toBe(1);
});

it('leaves the row as it was where nothing may be sent', async () => {
  const { departure, read, open } = await setUp(async () => undefined);
  await open.pause.set('test');
  await expect(departure.begin()).rejects.toMatchObject({ reason: 'paused' });
  expect(await read()).toMatchObject({ outcome: 'uploaded', attempts: 0 });
});

it.skipIf(!inject('isDurableRedis'))(
  'marks nothing where Redis came back while it waited for its slot, and lacks submits',
  async () => {
    const { departure, read, open, store, noted, stopping } = await setUp();
    const known = await claimStore({ redis: open.redis, account: open.account.ledger }, store);
    const beginning = departure.begin();
    // It compares, and is told to wait for a window.
    await noted.assertLearnt(stopping.signal);
    await noteSubmits(store, known, 50);
    open.redis.emit('ready');
    await expect(beginning).rejects.toMatchObject({ reason: 'paused' });
    expect(await read()).toMatchObject({ outcome: 'uploaded', attempts: 0 });
    expect(await open.pause.read()).toMatchObject({ why: 'LEDGER_EMPTY' });
  },
);

it('takes another slot under its token when the request is ready too late', async () => {
  const { departure, read, open } = await setUp();
  await departure.begin();
  await sleep(200);
  const begun = performance.now();
  await departure.leave();
  expect(performance.now() - begun).toBeGreaterThan(0.9);
  expect(await read()).toMatchObject({ outcome: 'submitting', token: 'run', attempts: 1 });
  expect((await open.pacer.read('submit')).granted).toBe(1);
});

it('does not leave once the process is asked to end, and can be undone', async () => {
  const { departure, read, stopping } = await setUp();
  await departure.begin();
  stopping.abort();
  await expect(departure.leave()).rejects.toMatchObject({ name: 'AbortError' });
  await departure.undo();
  expect(await read()).toMatchObject({ outcome: 'uploaded', attempts: 0 });
});

it('takes no other slot for a call that has ended', async () => {
  const { departure } = await setUp();
  await departure.begin();
  await sleep(100);
  departure.end();
  await expect(departure.leave()).rejects.toThrow('has ended');
});

it('does not leave if the row was moved by another while its slot passed', async () => {
  const { departure, open, data } = await setUp();
  await departure.begin();
  await open.ledger.transition({ ...data, to: 'uploaded', fence: 'run' });
  await sleep(100);
  await expect(departure.leave()).rejects.toMatchObject({ verdict: 'moved' });
});
