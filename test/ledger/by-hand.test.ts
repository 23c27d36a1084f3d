/** A person decides about a row: what it said before is not said any more where it is no longer true. */
import { describe, expect, it } from 'vitest';
import { describeRow, hintOf } from '../../src/batch/result-columns.ts';
import { type LedgerBench, makeLedger, makeRow, parkRow } from '../support/ledger.ts';

const row = makeRow(1);
const newer = makeRow(1, { fingerprint: 'newer' });
const RECOVERY = { by: 'ann', recovery: 'r' };
const first = { batchId: 'a', row: 1 };
const TIMED_OUT = { code: 'PEER_TIMEOUT', class: 'transient', message: 'No answer.', hint: 'Wait.' } as const;

async function told({ record }: LedgerBench, batchId: string) {
  const found = await record(batchId, 1);
  const { outcome, code, parked, requestId, lead } = found;
  return { outcome, code, parked, requestId, lead, message: describeRow(found), hint: hintOf(found) };
}

async function parked(): Promise<LedgerBench> {
  const bench = makeLedger();
  await bench.batch('a', [row]);
  await parkRow(bench.ledger, first);
  return bench;
}

async function retry({ ledger }: LedgerBench, takesParked = false) {
  const { number } = await ledger.beginRedrive('a', { by: 'test', filter: 'x', isScheduled: false });
  return ledger.redriveRows('a', { rows: [1], number, takesParked });
}

describe('a row that is settled as failed', () => {
  it('says so, and that it can be retried, instead of asking for a decision', async () => {
    const bench = await parked();
    await bench.ledger.settle({ ...first, as: 'failed', by: 'ann' });
    expect(await told(bench, 'a')).toMatchObject({
      outcome: 'failed',
      code: 'SETTLED_AS_FAILED',
      message: 'Settled as failed by ann.',
      hint: expect.stringContaining('onboard retry'),
    });
    expect(await bench.ledger.countCodes('a')).toEqual([{ code: 'SETTLED_AS_FAILED', rows: 1 }]);
    expect((await retry(bench)).pending).toEqual([1]);
  });

  it('is left to newer data that is on its way, as a retry would leave it', async () => {
    const bench = await parked();
    await bench.batch('b', [newer]);
    await bench.ledger.settle({ ...first, as: 'failed', by: 'ann' });
    expect(await told(bench, 'a')).toMatchObject({ code: 'SUPERSEDED', lead: { batchId: 'b', row: 1 } });
    expect((await retry(bench)).left).toMatchObject([{ why: 'SUPERSEDED' }]);
  });

  it('is not unknown to rows with the same data any more', async () => {
    const bench = await parked();
    await bench.batch('b', [row]);
    expect(await told(bench, 'b')).toMatchObject({ code: 'CUSTOMER_PARKED', lead: first });
    await bench.ledger.settle({ ...first, as: 'failed', by: 'ann' });
    expect(await told(bench, 'b')).toMatchObject({
      outcome: 'failed',
      code: 'SETTLED_AS_FAILED',
      lead: first,
      message: 'Has the same data as row 1 of batch a, which failed.',
      hint: expect.stringContaining('onboard retry'),
    });
  });
});

it('what nobody has settled needs no decision once newer data was submitted, and neither do rows with the same data', async () => {
  const bench = await parked();
  await bench.batch('b', [row]);
  await bench.batch('c', [newer]);
  await bench.submit('c', 1);
  for (const batchId of ['a', 'b'])
    expect(await told(bench, batchId)).toMatchObject({
      outcome: 'failed',
      code: 'SUPERSEDED',
      parked: undefined,
      lead: { batchId: 'c', row: 1 },
      message: 'Newer data was submitted since: row 1 of batch c.',
      hint: expect.stringContaining('--even-if-superseded'),
    });
  expect(await bench.record('a', 1)).toMatchObject({ ambiguous: 1 });
});

it.each(['the command', 'its worker'])(
  'a row that is cancelled by %s does not say why it was tried again',
  async (who) => {
    const bench = makeLedger();
    await bench.batch('a', [row]);
    await bench.ledger.markRow({ ...first, to: 'uploading' });
    await bench.move('a', 1, 'pending', { patch: TIMED_OUT });
    await bench.ledger.cancelBatch('a', 'test');
    if (who === 'the command') await bench.ledger.cancelRows('a', [1]);
    else await bench.move('a', 1, 'cancelled');
    expect(await told(bench, 'a')).toEqual({ outcome: 'cancelled', message: '', hint: '' });
    expect(await bench.ledger.requireBatch('a')).toMatchObject({ retrying: 0 });
  },
);

it.each(['uploading', 'failed'] as const)(
  'a row that was %s before a recovery asks for a decision',
  async (outcome) => {
    const bench = makeLedger();
    await bench.batch('a', [row]);
    await bench.ledger.markRow({ ...first, to: 'uploading' });
    if (outcome === 'failed') await bench.move('a', 1, 'failed', { patch: TIMED_OUT });
    else await bench.move('a', 1, 'pending', { patch: TIMED_OUT });
    await bench.ledger.recoverRows('a', { rows: [1], parks: true, ...RECOVERY });
    expect(await told(bench, 'a')).toMatchObject({
      code: 'SUBMIT_OUTCOME_UNKNOWN',
      parked: true,
      hint: expect.stringContaining('onboard settle'),
    });
  },
);

it('a row that waited for another before a recovery waits for nobody', async () => {
  const bench = makeLedger();
  await bench.batch('a', [row]);
  await bench.batch('b', [row]);
  await bench.ledger.recoverRows('b', { rows: [1], parks: true, ...RECOVERY });
  expect(await told(bench, 'b')).toMatchObject({ parked: true, lead: undefined });
});

it('a row that is taken up again does not name the request that was refused before', async () => {
  const bench = makeLedger();
  await bench.batch('a', [row]);
  const refused = { code: 'REFUSED', class: 'customer', requestId: 'request-1' } as const;
  await bench.move('a', 1, 'failed', { patch: refused, add: { reauthorized: 2 } });
  expect((await retry(bench)).pending).toEqual([1]);
  expect(await told(bench, 'a')).toMatchObject({ outcome: 'pending', requestId: undefined });
  expect(await bench.record('a', 1)).toMatchObject({ reauthorized: 0 });
});

it('a row that a retry leaves to newer data does not say that another row was submitted', async () => {
  const bench = makeLedger();
  await bench.batch('c', [makeRow(1, { fingerprint: 'other' })]);
  await bench.batch('a', [row]);
  await bench.move('c', 1, 'failed', { patch: TIMED_OUT });
  await bench.batch('b', [newer]);
  expect(await retry(bench)).toMatchObject({ pending: [] });
  expect(await told(bench, 'a')).toMatchObject({
    code: 'CUSTOMER_BUSY',
    message: 'The customer is being sent with other data: row 1 of batch c.',
  });
  expect(await bench.record('a', 1)).toMatchObject({ superseded: true });
});

it('a row whose submit counted is not superseded', async () => {
  const bench = makeLedger();
  await bench.batch('a', [row]);
  const late = await bench.mark('a', 1);
  await bench.move('a', 1, 'failed', { fence: 'token', patch: { code: 'REFUSED', class: 'customer' } });
  await bench.batch('b', [newer]);
  expect((await retry(bench)).left).toMatchObject([{ why: 'SUPERSEDED' }]);
  await bench.ledger.recordSuccess({ ...first, record: late, requestId: 'late' });
  expect(await bench.record('a', 1)).toMatchObject({ outcome: 'submitted' });
  expect((await bench.record('a', 1)).superseded).toBeUndefined();
});

describe('what takes several steps', () => {
  const entriesOf = async ({ ledger }: LedgerBench) =>
    (await ledger.readLog('a')).map(({ by, action, details }) => ({ by, action, details })).slice(1);
  const MANY = 1_100;

  async function failed(): Promise<LedgerBench> {
    const bench = makeLedger();
    await bench.batch(
      'a',
      Array.from({ length: MANY }, (_, index) => makeRow(index + 1)),
    );
    for (let each = 1; each <= MANY; each++) await bench.move('a', each, 'failed', { patch: TIMED_OUT });
    return bench;
  }

  it('is one entry in the history, with all of its rows', async () => {
    const bench = await failed();
    expect(await bench.ledger.withdrawRetries('a', 'ann')).toBe(MANY);
    for (const rows of [[1], [2, 3]]) await bench.ledger.recoverRows('a', { rows, parks: true, ...RECOVERY });
    await bench.ledger.recoverRows('a', { rows: [4], parks: true, ...RECOVERY, recovery: 'another' });
    expect(await entriesOf(bench)).toEqual([
      { by: 'ann', action: 'cancel', details: '1100 scheduled retries' },
      { by: 'ann', action: 'recover', details: '3 rows may have been sent' },
      { by: 'ann', action: 'recover', details: '1 row may have been sent' },
    ]);
  });
});
