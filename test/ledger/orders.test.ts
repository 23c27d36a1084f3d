/** Two decisions, a death or a clock between two writes: what was found by people who tried to break it. */
import { describe, expect, it } from 'vitest';
import { convertRows } from '../../src/ledger/version-before/convert-rows.ts';
import { createPause } from '../../src/pace/pause.ts';
import { accountKeys, batchKeys } from '../../src/redis/keys.ts';
import { type LedgerBench, makeLedger, makeRow } from '../support/ledger.ts';
import { connectTestRedis } from '../support/redis.ts';

const row = makeRow(1);
const older = makeRow(1, { fingerprint: 'older' });
const place = { batchId: 'a', row: 1 };
const HOUR_MS = 3_600_000;
const LOST = { to: 'uploaded', add: { ambiguous: 1 } } as const;

const RECOVERY = { by: 'ann', recovery: 'r' };

const retry = async ({ ledger }: LedgerBench, batchId: string, rows: number[], more = {}) => {
  const { number } = await ledger.beginRedrive(batchId, { by: 'test', filter: 'x', isScheduled: false });
  return ledger.redriveRows(batchId, { rows, number, ...more });
};

describe('after a backup was put back', () => {
  it.each([true, false])('a row may have been the last that was sent (parks: %s)', async (parks) => {
    const { account, ledger, batch, submit, record, outcomes } = makeLedger();
    await batch('z', [older]);
    await submit('z', 1);
    await batch('a', [row]);
    await createPause(connectTestRedis(), account, []).beginRecovery('test');
    await ledger.recoverRows('a', { rows: [1], parks, ...RECOVERY });
    if (!parks) {
      await ledger.cancelBatch('a', 'test');
      await ledger.cancelRows('a', [1]);
    }
    expect(await record('a', 1)).toMatchObject({ outcome: 'failed', parked: true, ambiguous: 1 });
    await batch('c', [older]);
    expect(await outcomes('c')).toEqual(['pending']);
  });

  it('a row that the schedule would send again is left to a person too', async () => {
    const { ledger, batch, move } = makeLedger();
    await batch('a', [row]);
    await move('a', 1, 'failed', { patch: { code: 'PEER_TIMEOUT', class: 'transient' } });
    await ledger.recoverRows('a', { rows: [1], parks: true, ...RECOVERY });
    expect(await ledger.listRecoverable(10)).toEqual([]);
  });
});

describe('cancel', () => {
  it('ends a pause, and takes what failed from the schedule for good', async () => {
    const bench = makeLedger();
    const { ledger, batch, move } = bench;
    await batch('a', [row, makeRow(2)]);
    await move('a', 1, 'failed', { patch: { code: 'PEER_TIMEOUT', class: 'transient' } });
    await ledger.pauseBatch('a', 'test');
    await ledger.cancelBatch('a', 'test');
    await ledger.cancelRows('a', [1, 2]);
    expect(await retry(bench, 'a', [2])).toMatchObject({ pending: [2] });
    expect(await ledger.requireBatch('a')).toMatchObject({ state: 'running' });
    expect(await ledger.listRecoverable(10)).toEqual([]);
  });

  it('and retry leave an import that is still adding rows to go on', async () => {
    const bench = makeLedger();
    const { ledger, begin } = bench;
    await begin('a');
    await ledger.enroll('a', [row]);
    await ledger.cancelBatch('a', 'test');
    await ledger.cancelRows('a', [1]);
    await retry(bench, 'a', [1]);
    expect(await ledger.enroll('a', [row, makeRow(2)])).toEqual([1, 2]);
    await ledger.seal('a');
    await expect(ledger.enroll('a', [makeRow(3)])).rejects.toMatchObject({ code: 'BATCH_STATE' });
  });
});

it('a row is not marked before its time, whoever brings it', async () => {
  const bench = makeLedger();
  const { ledger, batch, move } = bench;
  await batch('a', [row], Date.now() + HOUR_MS);
  expect((await ledger.markRow({ ...place, to: 'uploading' })).verdict).toBe('later');
  await move('a', 1, 'failed', { patch: { code: 'X', class: 'unknown' } });
  await retry(bench, 'a', [1]);
  expect((await ledger.markRow({ ...place, to: 'uploading' })).verdict).toBe('marked');
});

it('a lost answer that is one too many parks the row in the same step', async () => {
  const { batch, mark, move, record } = makeLedger();
  await batch('a', [row]);
  await mark('a', 1);
  await move('a', 1, 'uploaded', { ...LOST, fence: 'token', parkAt: 1 });
  expect(await record('a', 1)).toMatchObject({ outcome: 'failed', parked: true, ambiguous: 1 });
});

it('a parked row that is retried by its number stays in doubt until that is known', async () => {
  const bench = makeLedger();
  const { ledger, batch, submit, mark, move, outcomes } = bench;
  await batch('z', [older]);
  await submit('z', 1);
  await batch('a', [row]);
  await mark('a', 1);
  await move('a', 1, 'uploaded', { ...LOST, fence: 'token', parkAt: 1 });
  await batch('b', [row]);
  expect(await retry(bench, 'a', [1], { takesParked: true })).toMatchObject({ pending: [1], doubtful: 1 });
  await ledger.pauseBatch('a', 'test');
  expect((await ledger.readCustomer('C1')).parked).toHaveLength(1);
  await ledger.resumeBatch('a', 'test');
  await submit('a', 1);
  expect((await ledger.readCustomer('C1')).parked).toEqual([]);
  // Failed only because the other was parked.
  expect(await outcomes('b')).toEqual(['unchanged']);
});

it('a late success leaves the row to the later submit that is under way', async () => {
  const { ledger, batch, mark, move, record } = makeLedger();
  await batch('a', [row]);
  const first = await mark('a', 1, 'first');
  await move('a', 1, 'uploaded', { ...LOST, fence: 'first' });
  await ledger.markRow({ ...place, to: 'submitting', patch: { token: 'second' } });
  await ledger.recordSuccess({ ...place, record: first, requestId: 'late' });
  expect(await record('a', 1)).toMatchObject({ outcome: 'submitting', token: 'second' });
  await batch('b', [older]);
  expect(await record('b', 1)).toMatchObject({ code: 'CUSTOMER_BUSY' });
  expect((await ledger.readCustomer('C1')).submitted).toMatchObject({ requestId: 'late' });
});

it('what an earlier peer got does not keep older data from a new one', async () => {
  const bench = makeLedger();
  const { account, batch, move, submit } = bench;
  await batch('a', [row]);
  await move('a', 1, 'failed', { patch: { code: 'X', class: 'unknown' } });
  await batch('b', [makeRow(1, { fingerprint: 'newer' })]);
  await submit('b', 1);
  await connectTestRedis().hset(accountKeys(account).peer, 'generation', 2);
  expect(await retry(bench, 'a', [1])).toMatchObject({ pending: [1] });
});

it('a failed row of version 0.1 is not retried over newer data whose batch was purged', async () => {
  const bench = makeLedger();
  const { account, ledger, begin } = bench;
  const redis = connectTestRedis();
  const fact = {
    place: 'gone 1',
    at: 2_000,
    seq: 2_000,
    order: 0,
    generation: 1,
    fingerprint: 'newer',
    count: 1,
  };
  await redis.hset(accountKeys(account).submitted, 'C1', JSON.stringify(fact));
  await begin('a');
  const failed = { outcome: 'failed', at: 1_000, class: 'transient', code: 'PEER_TIMEOUT' };
  const record = { ...failed, custSpaceId: 'C1', fingerprint: 'old' };
  await convertRows({ redis, account }, 'a', [{ ...row, record }]);
  await ledger.seal('a');
  expect(await ledger.listRecoverable(10)).toEqual([]);
  expect(await retry(bench, 'a', [1])).toMatchObject({ pending: [], left: [{ why: 'SUPERSEDED' }] });
  expect(await redis.hget(batchKeys(account, 'a').batch, 'failed')).toBe('1');
});
