/** Data of a customer that newer data, or another peer, has overtaken. Each of these was found by the model. */
import { describe, expect, it } from 'vitest';
import { accountKeys } from '../../src/redis/keys.ts';
import { type LedgerBench, makeLedger, makeRow } from '../support/ledger.ts';
import { connectTestRedis } from '../support/redis.ts';

const older = makeRow(1);
const newer = makeRow(1, { fingerprint: 'newer' });

async function park({ mark, move }: LedgerBench, batchId: string): Promise<void> {
  await mark(batchId, 1);
  await move(batchId, 1, 'uploaded', { fence: 'token', add: { ambiguous: 1 } });
  await move(batchId, 1, 'failed', { patch: { code: 'SUBMIT_OUTCOME_UNKNOWN', class: 'ambiguous' } });
}

async function adoptAnotherPeer({ account }: LedgerBench): Promise<void> {
  await connectTestRedis().hset(accountKeys(account).peer, 'generation', 2);
}

describe('a row that waits in a paused batch while newer data is submitted', () => {
  it('is superseded when the batch goes on', async () => {
    const bench = makeLedger();
    const { ledger, batch, submit, record } = bench;
    await batch('a', [older]);
    await batch('b', [older]);
    await ledger.pauseBatch('b', 'test');
    await ledger.cancelBatch('a', 'test');
    await ledger.cancelRows('a', [1]);
    expect((await record('b', 1)).outcome).toBe('waiting');
    expect(await batch('c', [newer])).toEqual([1]);
    await submit('c', 1);
    await ledger.resumeBatch('b', 'test');
    expect(await ledger.serveWaiting('b', [1])).toEqual([]);
    const expected = {
      outcome: 'failed',
      code: 'SUPERSEDED',
      superseded: true,
      lead: { batchId: 'c', row: 1 },
    };
    expect(await record('b', 1)).toMatchObject(expected);
  });
});

describe('a row that failed because the same data is parked', () => {
  it('does not follow it while newer data is on its way', async () => {
    const bench = makeLedger();
    const { ledger, batch, mark, record } = bench;
    await batch('a', [older]);
    await park(bench, 'a');
    await batch('b', [older]);
    expect((await record('b', 1)).code).toBe('CUSTOMER_PARKED');
    await batch('c', [newer]);
    await mark('c', 1);
    await ledger.settle({ batchId: 'a', row: 1, as: 'submitted', by: 'ann' });
    expect((await record('b', 1)).outcome).toBe('failed');
  });
});

describe('a row that was parked at an earlier peer', () => {
  it('is unchanged, not superseded, when the same data is submitted to the next one', async () => {
    const bench = makeLedger();
    const { ledger, account, batch, submit, record } = bench;
    await batch('a', [older]);
    await park(bench, 'a');
    await adoptAnotherPeer(bench);
    expect(await batch('b', [older])).toEqual([1]);
    await submit('b', 1);
    const { outcome, superseded, parked, ambiguous, lead } = await record('a', 1);
    expect({ outcome, superseded, parked }).toEqual({
      outcome: 'unchanged',
      superseded: undefined,
      parked: undefined,
    });
    expect({ ambiguous, lead }).toEqual({ ambiguous: 1, lead: { batchId: 'b', row: 1 } });
    expect(await connectTestRedis().hexists(accountKeys(account).parked, 'C1')).toBe(0);
    expect((await ledger.requireBatch('a')).parked).toBe(0);
  });
});

it('a success that came late is counted once, however often it is reported', async () => {
  const { ledger, batch, move, submit, mark } = makeLedger();
  await batch('a', [older]);
  const record = await mark('a', 1);
  await move('a', 1, 'uploaded', { fence: 'token', add: { ambiguous: 1 } });
  const again = await ledger.markRow({ batchId: 'a', row: 1, to: 'submitting', patch: { token: 'again' } });
  if (again.record === null) throw new Error(again.verdict);
  const success = { batchId: 'a', row: 1, requestId: 'r' };
  await ledger.recordSuccess({ ...success, record: again.record });
  for (let time = 0; time < 2; time++) await ledger.recordSuccess({ ...success, record });
  expect((await ledger.readCustomer('C1')).submitted).toMatchObject({ count: 2, seq: again.record.seq });
  await batch('b', [newer]);
  await submit('b', 1);
  await ledger.recordSuccess({ ...success, record: again.record });
  expect((await ledger.readCustomer('C1')).submitted?.count).toBe(3);
});
