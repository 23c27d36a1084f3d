/** One customer in several batches: who sends it, who waits, and what is true of the others in each case. */
import { describe, expect, it } from 'vitest';
import { type LedgerBench, makeLedger, makeRow } from '../support/ledger.ts';

const row = makeRow(1);
const other = makeRow(1, { fingerprint: 'other' });
const HOUR_MS = 3_600_000;

async function park({ mark, move }: LedgerBench, batchId: string): Promise<void> {
  await mark(batchId, 1);
  await move(batchId, 1, 'uploaded', { fence: 'token', add: { ambiguous: 1 } });
  await move(batchId, 1, 'failed', { patch: { code: 'SUBMIT_OUTCOME_UNKNOWN', class: 'ambiguous' } });
}

async function redrive({ ledger }: LedgerBench, batchId: string, more = {}) {
  const begun = await ledger.beginRedrive(batchId, { by: 'test', filter: 'x', isScheduled: false });
  return ledger.redriveRows(batchId, { rows: [1], number: begun.number, ...more });
}

/** The row is pending in one batch and waits in another. */
async function inTwoBatches(): Promise<LedgerBench> {
  const bench = makeLedger();
  await bench.batch('a', [row]);
  expect(await bench.batch('b', [row])).toEqual([]);
  expect(await bench.record('b', 1)).toMatchObject({ outcome: 'waiting', lead: { batchId: 'a', row: 1 } });
  expect((await bench.ledger.requireBatch('b')).state).toBe('running');
  return bench;
}

describe('a row whose customer is on its way with the same data', () => {
  it('is unchanged when the other is submitted, and names the submit', async () => {
    const { record, submit } = await inTwoBatches();
    await submit('a', 1);
    expect(await record('b', 1)).toMatchObject({
      outcome: 'unchanged',
      requestId: 'request-a-1',
      submittedAt: expect.any(Number),
      lead: { batchId: 'a', row: 1 },
    });
  });

  it('fails with the code of the other, and joins neither the schedule nor the streak', async () => {
    const { ledger, record, move } = await inTwoBatches();
    await move('a', 1, 'failed', { patch: { code: 'PEER_TIMEOUT', class: 'transient' } });
    expect(await record('b', 1)).toMatchObject({ outcome: 'failed', code: 'PEER_TIMEOUT' });
    expect(await ledger.listRecoverable(10)).toEqual([{ batchId: 'a', row: 1 }]);
  });

  it('is sent instead when the other is cancelled', async () => {
    const { ledger, record } = await inTwoBatches();
    await ledger.cancelBatch('a', 'test');
    const { promoted } = await ledger.cancelRows('a', [1]);
    expect(promoted).toEqual([{ batchId: 'b', row: 1 }]);
    expect((await record('b', 1)).outcome).toBe('pending');
  });

  it('is sent instead when the batch of the other is cancelled and purged before anything else happened', async () => {
    const { ledger, outcomes } = await inTwoBatches();
    await ledger.cancelBatch('a', 'test');
    expect(await ledger.purge('a', 'test')).toBe('cancelling');
    await ledger.cancelRows('a', [1]);
    expect(await ledger.purge('a', 'test')).toBe('done');
    expect(await outcomes('b')).toEqual(['pending']);
  });

  it('is cancelled with its own batch and hinders nobody', async () => {
    const { ledger, outcomes, submit } = await inTwoBatches();
    await ledger.cancelBatch('b', 'test');
    expect((await ledger.cancelRows('b', [1])).rows).toEqual([1]);
    await submit('a', 1);
    expect(await outcomes('b')).toEqual(['cancelled']);
  });

  it('fails as parked when the other is parked, and follows it when that is settled', async () => {
    const bench = await inTwoBatches();
    await park(bench, 'a');
    expect(await bench.record('b', 1)).toMatchObject({ outcome: 'failed', code: 'CUSTOMER_PARKED' });
    expect(await bench.batch('c', [row])).toEqual([]);
    expect(await bench.record('c', 1)).toMatchObject({ outcome: 'failed', code: 'CUSTOMER_PARKED' });
    await bench.ledger.settle({ batchId: 'a', row: 1, as: 'submitted', by: 'ann' });
    for (const id of ['b', 'c']) expect(await bench.outcomes(id)).toEqual(['unchanged']);
  });
});

describe('a parked row that others follow', () => {
  it.each([
    ['submitted', { outcome: 'unchanged', lead: { batchId: 'a', row: 1 } }],
    ['failed', { outcome: 'failed', code: 'SETTLED_AS_FAILED', lead: { batchId: 'a', row: 1 } }],
  ] as const)(
    'is followed by however many rows failed because of it, when it is settled as %s',
    async (as, expected) => {
      const bench = makeLedger();
      await bench.batch('a', [row]);
      await park(bench, 'a');
      const { custSpaceId, fingerprint } = row;
      const many = Array.from({ length: 230 }, (_, index) =>
        makeRow(index + 1, { custSpaceId, fingerprint }),
      );
      await bench.batch('b', many);
      expect(await bench.record('b', 230)).toMatchObject({ code: 'CUSTOMER_PARKED' });
      await bench.ledger.settle({ batchId: 'a', row: 1, as, by: 'test' });
      for (const each of many) expect(await bench.record('b', each.row)).toMatchObject(expected);
      expect(await bench.ledger.countCodes('b')).toEqual(
        as === 'failed' ? [{ code: 'SETTLED_AS_FAILED', rows: 230 }] : [],
      );
    },
  );
});

describe('a row that waits', () => {
  it('takes over from one that is pending in a batch that is paused, or for later', async () => {
    const { ledger, batch, outcomes, begin } = makeLedger();
    await batch('later', [row], Date.now() + HOUR_MS);
    expect(await batch('now', [row])).toEqual([1]);
    expect(await outcomes('later')).toEqual(['waiting']);
    await ledger.pauseBatch('now', 'test');
    await begin('third');
    expect(await ledger.enroll('third', [row])).toEqual([1]);
    expect(await outcomes('now')).toEqual(['waiting']);
  });

  it('takes over at the next upkeep when the other is paused later', async () => {
    const { ledger, record } = await inTwoBatches();
    await ledger.pauseBatch('a', 'test');
    expect(await ledger.serveWaiting('b', [1])).toEqual([{ batchId: 'b', row: 1 }]);
    expect(await record('a', 1)).toMatchObject({ outcome: 'waiting', lead: { batchId: 'b', row: 1 } });
  });

  it('is passed over while its own batch is paused', async () => {
    const { ledger, batch, outcomes } = await inTwoBatches();
    await batch('c', [row]);
    await ledger.pauseBatch('b', 'test');
    await ledger.cancelBatch('a', 'test');
    expect((await ledger.cancelRows('a', [1])).promoted).toEqual([{ batchId: 'c', row: 1 }]);
    expect(await outcomes('b')).toEqual(['waiting']);
  });

  it('is served in the end, however many wait', async () => {
    const { ledger, batch, submit, outcomes } = makeLedger();
    await batch('a', [row]);
    const ids = Array.from({ length: 40 }, (_, index) => `w${index}`);
    for (const id of ids) await batch(id, [row]);
    await submit('a', 1);
    for (const id of ids) await ledger.serveWaiting(id, [1]);
    for (const id of ids) expect(await outcomes(id)).toEqual(['unchanged']);
  });
});

describe('a customer with other data', () => {
  it('is busy while the first is on its way, and goes as an update afterwards', async () => {
    const { batch, submit, record } = makeLedger();
    await batch('a', [row]);
    await batch('b', [other]);
    expect(await record('b', 1)).toMatchObject({ outcome: 'failed', code: 'CUSTOMER_BUSY' });
    await submit('a', 1);
    expect(await batch('c', [other])).toEqual([1]);
  });

  it('submitted since keeps the older data from being sent, on a schedule and by hand', async () => {
    const bench = makeLedger();
    const { ledger, batch, move, submit, record } = bench;
    await batch('a', [row]);
    await move('a', 1, 'failed', { patch: { code: 'PEER_TIMEOUT', class: 'transient' } });
    await batch('b', [other]);
    await submit('b', 1);
    const left = [{ row: 1, why: 'SUPERSEDED', place: { batchId: 'b', row: 1 } }];
    expect(await redrive(bench, 'a')).toMatchObject({ pending: [], left });
    expect(await ledger.listRecoverable(10)).toEqual([]);
    expect(await record('a', 1)).toMatchObject({ outcome: 'failed', superseded: true });
    expect(await redrive(bench, 'a', { takesSuperseded: true })).toMatchObject({ pending: [1] });
  });

  it('whose import was cancelled leaves the first submit as it was', async () => {
    const { ledger, batch, submit, outcomes } = makeLedger();
    await batch('a', [row]);
    await submit('a', 1);
    await batch('b', [other]);
    await ledger.cancelBatch('b', 'test');
    await ledger.cancelRows('b', [1]);
    await batch('c', [row]);
    expect(await outcomes('c')).toEqual(['unchanged']);
  });

  it('ends a parked attempt as superseded when it is submitted; the doubt stays on record', async () => {
    const bench = makeLedger();
    await bench.batch('a', [row]);
    await park(bench, 'a');
    expect(await bench.batch('b', [other])).toEqual([1]);
    await bench.submit('b', 1);
    expect(await bench.record('a', 1)).toMatchObject({ outcome: 'failed', superseded: true, ambiguous: 1 });
    expect((await bench.ledger.requireBatch('a')).parked).toBe(0);
    expect((await bench.ledger.readCustomer('C1')).parked).toEqual([]);
  });

  it('stays the one that counts when a success that was marked earlier comes late', async () => {
    const { ledger, batch, mark, move, submit } = makeLedger();
    await batch('a', [row]);
    const frozen = await mark('a', 1, 'frozen');
    await move('a', 1, 'failed', { fence: 'frozen', patch: { code: 'X', class: 'unknown' } });
    await batch('b', [other]);
    await submit('b', 1);
    await ledger.recordSuccess({ batchId: 'a', row: 1, record: frozen, requestId: 'late' });
    expect((await ledger.readCustomer('C1')).submitted).toMatchObject({ fingerprint: 'other', count: 2 });
    expect(await batch('c', [row])).toEqual([1]);
  });
});

describe('a parked row', () => {
  it('is sent again only if it is named', async () => {
    const bench = makeLedger();
    await bench.batch('a', [row]);
    await park(bench, 'a');
    expect(await redrive(bench, 'a')).toMatchObject({
      pending: [],
      left: [{ why: 'SUBMIT_OUTCOME_UNKNOWN' }],
    });
    expect(await redrive(bench, 'a', { takesParked: true })).toMatchObject({ pending: [1] });
    expect((await bench.ledger.requireBatch('a')).parked).toBe(0);
    await bench.submit('a', 1);
    expect(await bench.record('a', 1)).toMatchObject({ outcome: 'submitted', ambiguous: 1 });
  });

  it('is what a row in doubt becomes when its batch is cancelled', async () => {
    const { ledger, batch, mark, move, record } = makeLedger();
    await batch('a', [row]);
    await mark('a', 1);
    await ledger.cancelBatch('a', 'test');
    await move('a', 1, 'uploaded', { fence: 'token', add: { ambiguous: 1 } });
    await ledger.cancelRows('a', [1]);
    expect(await record('a', 1)).toMatchObject({ outcome: 'failed', parked: true, ambiguous: 1 });
  });
});

it('a row is not marked while its batch is paused, nor once another has submitted the same data', async () => {
  const bench = makeLedger();
  const { ledger, batch, mark } = bench;
  await batch('a', [row]);
  await ledger.pauseBatch('a', 'test');
  const upload = { batchId: 'a', row: 1, to: 'uploading' } as const;
  expect((await ledger.markRow(upload)).verdict).toBe('paused');
  await ledger.resumeBatch('a', 'test');
  const frozen = await mark('a', 1, 'frozen');
  await ledger.transition({ ...upload, to: 'uploaded', fence: 'frozen', add: { ambiguous: 1 } });
  const place = { batchId: 'gone', row: 9 };
  await ledger.recordSuccess({ ...place, record: frozen, requestId: 'r' });
  expect((await ledger.markRow({ ...upload, to: 'submitting' })).verdict).toBe('decided');
  expect(await bench.outcomes('a')).toEqual(['unchanged']);
});
