/** What a batch of 1,000,000 rows costs to look at: counted in what Redis is asked, not in time. */
import { expect, it } from 'vitest';
import { recordReview } from '../../src/batch/review.ts';
import type { RowsOrder } from '../../src/batch/row-candidates.ts';
import { readRowsPage } from '../../src/batch/rows-page.ts';
import { readStatus } from '../../src/batch/status.ts';
import type { NewRow } from '../../src/ledger/enroll.ts';
import { batchKeys } from '../../src/redis/keys.ts';
import { watchCommands } from '../support/asked-redis.ts';
import { createBatch, makeRow, submitRow } from '../support/ledger.ts';
import { createWorld } from '../support/world.ts';

const LAST = 1_000_000;
const numbersUpTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** A batch with these rows; what is between them was deleted. */
async function openBatch(rows: readonly NewRow[]) {
  const { open } = await createWorld();
  await createBatch(open.ledger, 'b', rows);
  const asked = watchCommands(open.redis);
  const { rows: key } = batchKeys(open.account.ledger, 'b');
  return {
    open,
    find: (order: Partial<RowsOrder>) => readRowsPage(open.ledger, 'b', { limit: 50, ...order }),
    /** What was asked since the last time: commands, and rows that were read in full. */
    effort() {
      const commands = asked.splice(0);
      const full = commands.filter(({ name, args: [of] }) => name === 'hmget' && of === key);
      return {
        commands: commands.length,
        read: full.reduce((sum, { args }) => sum + args.length - 1, 0),
      };
    },
  };
}

it('opens at the same effort as a small batch: where it stands, and the first of its few failed rows', async () => {
  const { open, find, effort } = await openBatch([...numbersUpTo(300), LAST].map((row) => makeRow(row)));
  const patch = { code: 'TOO_LONG', class: 'customer' } as const;
  await open.ledger.transition({ batchId: 'b', row: LAST, to: 'failed', patch });
  effort();
  expect((await readStatus(open, 'b')).failures).toMatchObject([{ code: 'TOO_LONG', rows: 1 }]);
  expect(effort().commands).toBeLessThan(100);
  expect(await find({})).toMatchObject({ rows: { length: 50 }, next: 51 });
  expect(effort()).toEqual({ commands: 3, read: 51 });
  for (const filter of [{ codes: ['TOO_LONG'] }, { outcomes: ['failed'] }] as const) {
    expect(await find(filter)).toMatchObject({ rows: [{ row: LAST }], next: undefined });
    const { commands, read } = effort();
    expect(read).toBe(1);
    expect(commands).toBeLessThan(50);
  }
  const pending = await find({ outcomes: ['pending'], limit: 400 });
  expect([pending.rows.length, pending.next]).toEqual([300, undefined]);
});

it('finds a name at the end of 250,000 rows in three answers, and reads in full only the row that has it', async () => {
  const LAST = 250_000;
  const fields = [`C${LAST}`, 'Müller & Söhne GmbH'];
  const last = makeRow(LAST, { input: { line: LAST + 1, fields, sha256: 'aa' } });
  const alone = makeRow(301, { input: { line: 302, fields: ['C301', 'Alone Ltd'], sha256: 'aa' } });
  const rows = [...numbersUpTo(300).map((row) => makeRow(row)), alone, last];
  const { find, effort } = await openBatch(rows);
  let answers = 0;
  let from: number | undefined;
  for (;;) {
    effort();
    const { rows, next } = await find({ search: 'SÖHNE', from });
    answers += 1;
    const { commands, read } = effort();
    expect(commands).toBeLessThan(60);
    expect(read).toBe(rows.length);
    if (next === undefined) {
      expect(rows.map(({ row }) => row)).toEqual([LAST]);
      break;
    }
    from = next;
  }
  expect(answers).toBe(3);
  // One near the begin is told before the rest is looked through.
  expect(await find({ search: 'alone' })).toMatchObject({ rows: [{ row: 301 }], next: 10_001 });
  expect(effort().commands).toBeLessThan(20);
});

it('finds a rare review without reading the rows that have another one', async () => {
  const { open, find, effort } = await openBatch(numbersUpTo(20).map((row) => makeRow(row)));
  for (const row of numbersUpTo(20)) await submitRow(open.ledger, 'b', row);
  const decision = {
    by: 'ann',
    batchId: 'b',
    date: new Date(open.now()).toISOString().slice(0, 10),
    evidence: 'A letter.',
  };
  await recordReview(open, { ...decision, row: 18, as: 'approved' });
  await recordReview(open, { ...decision, row: 19, as: 'rejected' });
  effort();
  expect(await find({ review: 'approved' })).toMatchObject({ rows: [{ row: 18 }], next: undefined });
  expect(effort().read).toBeLessThanOrEqual(2);
  const awaited = await find({ review: 'awaited', from: 17 });
  expect(awaited.rows.map(({ row }) => row)).toEqual([17, 20]);
  expect(effort().read).toBeLessThanOrEqual(2);
  const named = await find({ review: 'approved', search: 'nobody' });
  expect(named.rows).toEqual([]);
  expect(effort().read).toBe(0);
});
