import { describe, expect, it } from 'vitest';
import type { NewRow } from '../../src/ledger/enroll.ts';
import { createLedger } from '../../src/ledger/ledger.ts';
import { OUTCOMES, type Outcome, TRANSITIONS } from '../../src/ledger/outcome.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const COLUMNS = [
  'CustSpaceId',
  'CustName',
  'OfficeAddress',
  'ContactMail',
  'CountryId',
  'BusinessDesc',
  'IsvTerms',
];

const FACTS = { by: 'test', columns: COLUMNS, priority: 100, maxFailures: 3 };

const makeRow = (row: number, changes: Partial<NewRow> = {}): NewRow => ({
  row,
  custSpaceId: `C${row}`,
  fingerprint: `print-${row}`,
  input: { line: row + 1, values: [`C${row}`], sha256: 'aa' },
  ...changes,
});

async function makeLedger() {
  const ledger = createLedger(connectTestRedis(), uniqueName());
  async function batch(id: string, rows: NewRow[]) {
    await ledger.createBatch({
      id,
      name: id,
      source: 'test',
      sourceKey: `key-${id}`,
      ...FACTS,
    });
    const needed = await ledger.enroll(id, rows);
    await ledger.seal(id, `key-${id}`);
    return needed;
  }
  const move = (batchId: string, row: number, to: Outcome, more = {}) =>
    ledger.transition({ batchId, row, custSpaceId: `C${row}`, to, ...more });
  return { ledger, batch, move };
}

describe('transition', () => {
  it('moves the counters along with a good row and finishes the batch', async () => {
    const { ledger, batch, move } = await makeLedger();
    expect(await batch('b', [makeRow(1), makeRow(2)])).toEqual([1, 2]);
    for (const row of [1, 2]) {
      for (const to of ['uploading', 'uploaded', 'submitting', 'submitted'] as const)
        await move('b', row, to);
      const { counts, total, state } = await ledger.requireBatch('b');
      expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(total);
      expect(state).toBe(row === 2 ? 'finished' : 'running');
    }
  });

  it.each(OUTCOMES.flatMap((from) => OUTCOMES.map((to) => [from, to] as const)))(
    'does with %s → %s what the table says',
    async (from, to) => {
      const { ledger, batch, move } = await makeLedger();
      await batch('b', [makeRow(1)]);
      if (!(await bring(from))) return;
      const isFact = to === 'submitted' && !['submitted', 'unchanged'].includes(from);
      const moved = await move('b', 1, to).then(
        () => true,
        () => false,
      );
      expect(moved).toBe(isFact || TRANSITIONS[from].includes(to));
      expect((await ledger.requireBatch('b')).counts[moved ? to : from]).toBe(1);

      /** Brings the row to an outcome; `unchanged` is only decided on entry. */
      async function bring(outcome: Outcome): Promise<boolean> {
        const ways: Partial<Record<Outcome, Outcome[]>> = {
          pending: [],
          uploading: ['uploading'],
          uploaded: ['uploading', 'uploaded'],
          submitting: ['uploading', 'uploaded', 'submitting'],
          submitted: ['submitted'],
          failed: ['failed'],
          cancelled: ['cancelled'],
        };
        const way = ways[outcome];
        for (const step of way ?? []) await move('b', 1, step);
        return way !== undefined;
      }
    },
  );

  it('lets only a success move a row that another attempt holds', async () => {
    const { batch, move } = await makeLedger();
    await batch('b', [makeRow(1)]);
    await move('b', 1, 'uploading');
    await move('b', 1, 'uploaded');
    await move('b', 1, 'submitting', { patch: { token: 'first' } });
    await expect(move('b', 1, 'uploaded', { fence: 'second' })).rejects.toMatchObject({
      code: 'TRANSITION_REFUSED',
    });
    await expect(move('b', 1, 'submitting')).rejects.toMatchObject({ code: 'TRANSITION_REFUSED' });
    expect(await move('b', 1, 'submitted', { fence: 'second' })).toMatchObject({ outcome: 'submitted' });
  });
});

describe('enrolment', () => {
  it('adds the same rows once and names the pending ones again', async () => {
    const { ledger, batch } = await makeLedger();
    await batch('b', [makeRow(1), makeRow(2)]);
    expect(await ledger.enroll('b', [makeRow(2), makeRow(3)])).toEqual([2, 3]);
    expect(await ledger.requireBatch('b')).toMatchObject({ total: 3, lastRow: 3, counts: { pending: 3 } });
  });

  it('takes a customer pending elsewhere as unchanged with the same data and refuses other data', async () => {
    const { ledger, batch } = await makeLedger();
    await batch('first', [makeRow(1), makeRow(2)]);
    expect(await batch('second', [makeRow(1), makeRow(2, { fingerprint: 'other' })])).toEqual([]);
    const rows = [];
    for await (const { record } of ledger.iterateRows('second')) rows.push(record);
    expect(rows).toMatchObject([
      { outcome: 'unchanged', batch: 'first' },
      { outcome: 'failed', code: 'CUSTOMER_BUSY' },
    ]);
    expect((await ledger.requireBatch('second')).state).toBe('finished');
  });

  it('sends a customer submitted before again only with other data', async () => {
    const { batch, move } = await makeLedger();
    await batch('first', [makeRow(1), makeRow(2)]);
    for (const row of [1, 2]) await move('first', row, 'submitted');
    expect(await batch('second', [makeRow(1), makeRow(2, { fingerprint: 'other' })])).toEqual([2]);
  });

  it('sends a customer that failed again', async () => {
    const { batch, move } = await makeLedger();
    await batch('first', [makeRow(1)]);
    await move('first', 1, 'failed');
    expect(await batch('second', [makeRow(1)])).toEqual([1]);
  });

  it('finds an import that stopped half-way by its rows until it is sealed', async () => {
    const { ledger } = await makeLedger();
    await ledger.createBatch({ id: 'b', name: 'b', source: 's', sourceKey: 'k', ...FACTS });
    expect(await ledger.findInterrupted('k')).toBe('b');
    await ledger.seal('b', 'k');
    expect(await ledger.findInterrupted('k')).toBeUndefined();
  });
});
