/** Rows and batches: which change may follow which, and what is counted. */
import { describe, expect, it } from 'vitest';
import { ACTIVE_OUTCOMES, OUTCOMES, type Outcome, TRANSITIONS } from '../../src/ledger/outcome.ts';
import { batchKeys } from '../../src/redis/keys.ts';
import { makeLedger, makeRow } from '../support/ledger.ts';
import { connectTestRedis } from '../support/redis.ts';

describe('transition', () => {
  it('moves the counters along with a good row and finishes the batch', async () => {
    const { ledger, batch, submit } = makeLedger();
    expect(await batch('b', [makeRow(1), makeRow(2)])).toEqual([1, 2]);
    for (const row of [1, 2]) {
      await submit('b', row);
      const { counts, total, state } = await ledger.requireBatch('b');
      expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(total);
      expect(state).toBe(row === 2 ? 'finished' : 'running');
    }
  });

  it.each(OUTCOMES.flatMap((from) => OUTCOMES.map((to) => [from, to] as const)))(
    'does with %s → %s what the table says',
    async (from, to) => {
      const { ledger, batch, move, submit } = makeLedger();
      await batch('b', [makeRow(1)]);
      const ways: Partial<Record<Outcome, Outcome[]>> = {
        pending: [],
        uploading: ['uploading'],
        uploaded: ['uploading', 'uploaded'],
        submitting: ['uploading', 'uploaded', 'submitting'],
        failed: ['failed'],
        cancelled: ['cancelled'],
      };
      if (from === 'submitted') await submit('b', 1);
      else if (ways[from] === undefined) return;
      for (const step of ways[from] ?? []) await move('b', 1, step);
      const moved = await move('b', 1, to).then(
        () => true,
        () => false,
      );
      expect(moved).toBe(TRANSITIONS[from].includes(to));
      expect((await ledger.requireBatch('b')).counts[moved ? to : from]).toBe(1);
    },
  );

  it('lets only a success move a row that another attempt holds', async () => {
    const { ledger, batch, move, mark } = makeLedger();
    await batch('b', [makeRow(1)]);
    const record = await mark('b', 1, 'first');
    await expect(move('b', 1, 'uploaded', { fence: 'second' })).rejects.toMatchObject({
      code: 'TRANSITION_REFUSED',
    });
    expect((await ledger.markRow({ batchId: 'b', row: 1, to: 'submitting' })).verdict).toBe('moved');
    const success = { batchId: 'b', row: 1, record, requestId: 'r' };
    expect(await ledger.recordSuccess(success)).toMatchObject({ isMoved: true });
    expect(await ledger.recordSuccess(success)).toMatchObject({ isMoved: false });
    expect((await ledger.readCustomer('C1')).submitted).toMatchObject({ count: 1, requestId: 'r' });
  });
});

describe('a batch', () => {
  it('has one bit for each row in the index of its outcome', async () => {
    const { account, ledger, batch, move, submit } = makeLedger();
    await batch(
      'b',
      [1, 2, 3, 70].map((row) => makeRow(row)),
    );
    await submit('b', 2);
    await move('b', 3, 'failed', { patch: { code: 'X.Y', class: 'customer' } });
    const redis = connectTestRedis();
    const { rowsWith } = batchKeys(account, 'b');
    const { counts } = await ledger.requireBatch('b');
    for (const outcome of OUTCOMES) expect(await redis.bitcount(rowsWith(outcome))).toBe(counts[outcome]);
    const found = [];
    for await (const row of ledger.iterateNumbers('b', { outcomes: ACTIVE_OUTCOMES })) found.push(row);
    expect(found).toEqual([1, 70]);
    const failed = [];
    for await (const portion of ledger.iteratePortions('b', { codes: ['X.Y'], size: 10 }))
      failed.push(portion);
    expect(failed).toEqual([[3]]);
  });

  it('adds the same rows once and names the pending ones again', async () => {
    const { ledger, begin } = makeLedger();
    await begin('b');
    await ledger.enroll('b', [makeRow(1), makeRow(2)]);
    expect(await ledger.enroll('b', [makeRow(2), makeRow(3)])).toEqual([2, 3]);
    expect(await ledger.requireBatch('b')).toMatchObject({ total: 3, lastRow: 3, counts: { pending: 3 } });
  });

  it('takes no more rows once it is sealed, and those it has are still named', async () => {
    const { ledger, batch } = makeLedger();
    await batch('b', [makeRow(1)]);
    expect(await ledger.enroll('b', [makeRow(1)])).toEqual([1]);
    await expect(ledger.enroll('b', [makeRow(2)])).rejects.toMatchObject({ code: 'BATCH_STATE' });
  });

  it('that stopped half-way is found by its rows until it is sealed', async () => {
    const { ledger, begin } = makeLedger();
    await begin('b');
    expect(await ledger.findInterrupted('key-b')).toBe('b');
    await ledger.seal('b');
    expect(await ledger.findInterrupted('key-b')).toBeUndefined();
  });
});

describe('a batch that ends', () => {
  it('cancelled during its import gets its other rows as cancelled, and can be purged and imported again', async () => {
    const { ledger, begin, outcomes } = makeLedger();
    await begin('b');
    await ledger.enroll('b', [makeRow(1)]);
    expect(await ledger.cancelBatch('b', 'test')).toMatchObject({ verdict: 'done', state: 'cancelling' });
    expect(await ledger.enroll('b', [makeRow(1), makeRow(2)])).toEqual([1]);
    expect((await ledger.cancelRows('b', [1, 2])).rows).toEqual([1]);
    await ledger.seal('b');
    expect(await outcomes('b')).toEqual(['cancelled', 'cancelled']);
    expect((await ledger.requireBatch('b')).state).toBe('finished');
    expect(await ledger.findInterrupted('key-b')).toBeUndefined();
    expect(await ledger.purge('b', 'test')).toBe('done');
    await expect(begin('b')).rejects.toMatchObject({ code: 'BATCH_STATE' });
  });

  it('that is gone is not brought back by a late import, note, or success', async () => {
    const { account, ledger, begin, batch, mark, move } = makeLedger();
    await batch('b', [makeRow(1)]);
    const record = await mark('b', 1);
    await move('b', 1, 'failed', { fence: 'token' });
    expect(await ledger.purge('b', 'test')).toBe('done');
    await ledger.note('b', { by: 'test', action: 'x', details: '' });
    await ledger.countThrottled('b');
    await expect(ledger.enroll('b', [makeRow(2)])).rejects.toMatchObject({ code: 'BATCH_UNKNOWN' });
    await ledger.recordSuccess({ batchId: 'b', row: 1, record, requestId: 'late' });
    expect(await connectTestRedis().keys(`*${account}*:batch:b*`)).toEqual([]);
    expect((await ledger.readCustomer('C1')).submitted).toMatchObject({ requestId: 'late' });
    await begin('c');
  });

  it('with a parked row is not purged before that row is settled', async () => {
    const { ledger, batch, mark, move, record } = makeLedger();
    await batch('b', [makeRow(1)]);
    await mark('b', 1);
    await move('b', 1, 'uploaded', { fence: 'token', add: { ambiguous: 1 } });
    await move('b', 1, 'failed', { patch: { code: 'DEADLINE_EXCEEDED', class: 'transient' } });
    expect(await record('b', 1)).toMatchObject({ parked: true, code: 'SUBMIT_OUTCOME_UNKNOWN' });
    expect(await ledger.purge('b', 'test')).toBe('parked');
    const settled = await ledger.settle({ batchId: 'b', row: 1, as: 'failed', by: 'ann' });
    expect(settled).toMatchObject({ isSettled: true, custSpaceId: 'C1' });
    expect(await ledger.listRecoverable(10)).toEqual([]);
    expect(await ledger.purge('b', 'test')).toBe('done');
  });
});
