/** Reviews are about one submit: they survive the purge of its batch, and a new submit awaits its own. */
import { expect, it } from 'vitest';
import { indexAwaited } from '../../src/ledger/index-awaited.ts';
import type { NewDecision, ReviewFile } from '../../src/ledger/record-reviews.ts';
import type { LedgerBench } from '../support/ledger.ts';
import { makeLedger, makeRow } from '../support/ledger.ts';
import { connectTestRedis } from '../support/redis.ts';

const DAY_MS = 86_400_000;
const FILE: ReviewFile = { name: 'reviews.csv', reading: 'first' };

async function decide(
  { ledger }: LedgerBench,
  as: NewDecision['as'],
  changes: Partial<NewDecision> = {},
  file?: ReviewFile,
): Promise<string | undefined> {
  const { submitted } = await ledger.readCustomer('C1');
  const submit = { place: { batchId: 'a', row: 1 }, seq: 0, ...submitted };
  const told = { as, date: '2026-01-31', evidence: 'ticket 1', by: 'ann' };
  const { place, seq } = submit;
  return (await ledger.recordReviews([{ custSpaceId: 'C1', place, seq, ...told, ...changes }], file))[0];
}

async function reviewIn({ ledger }: LedgerBench, batchId: string, row = 1) {
  const { rows } = await ledger.readRecords(batchId, [row]);
  return (await ledger.readReviews(batchId, rows)).get(row);
}

const counts = async ({ ledger }: LedgerBench, batchId: string) =>
  (await ledger.requireBatch(batchId)).reviews;
const awaited = ({ ledger }: LedgerBench) =>
  ledger.listAwaited({ before: Number.POSITIVE_INFINITY, limit: 10 });

it('a submit awaits its review until a person decides, who may decide otherwise', async () => {
  const bench = makeLedger();
  await bench.batch('a', [makeRow(1), makeRow(2)]);
  expect(await decide(bench, 'approved')).toBe('none');
  await bench.submit('a', 1);
  expect(await reviewIn(bench, 'a')).toEqual({ review: 'awaited' });
  expect(await reviewIn(bench, 'a', 2)).toBeUndefined();
  expect(await counts(bench, 'a')).toEqual({ awaited: 1, approved: 0, rejected: 0 });
  expect(await awaited(bench)).toMatchObject([{ custSpaceId: 'C1' }]);
  expect(await decide(bench, 'approved')).toBe('recorded');
  expect(await decide(bench, 'approved', { by: 'bob' })).toBe('same');
  expect(await decide(bench, 'rejected', { by: 'bob' })).toBe('changed');
  expect(await reviewIn(bench, 'a')).toMatchObject({ review: 'rejected', decision: { by: 'bob' } });
  expect(await counts(bench, 'a')).toEqual({ awaited: 0, approved: 0, rejected: 1 });
  expect(await awaited(bench)).toEqual([]);
  const { decisions } = await bench.ledger.readCustomer('C1');
  expect(decisions.map(({ as, by }) => [as, by])).toEqual([
    ['approved', 'ann'],
    ['rejected', 'bob'],
  ]);
});

it('a file that was written before a decision was changed does not change it back', async () => {
  const bench = makeLedger();
  await bench.batch('a', [makeRow(1)]);
  await bench.submit('a', 1);
  await decide(bench, 'approved');
  await decide(bench, 'rejected', { by: 'bob', evidence: 'ticket 2' });
  expect(await decide(bench, 'approved', {}, FILE)).toBe('outdated');
  expect(await reviewIn(bench, 'a')).toMatchObject({ review: 'rejected' });
  expect(await decide(bench, 'approved', { evidence: 'ticket 3' }, FILE)).toBe('changed');
  expect(await counts(bench, 'a')).toEqual({ awaited: 0, approved: 1, rejected: 0 });
});

it('the step that records decisions writes the history of their batch: each by itself, or those of a file in numbers', async () => {
  const bench = makeLedger();
  const { ledger } = bench;
  await bench.batch('a', [makeRow(1), makeRow(2), makeRow(3)]);
  for (const row of [1, 2, 3]) await bench.submit('a', row);
  await decide(bench, 'approved');
  const decisions = await Promise.all(
    [1, 2, 3].map(async (row): Promise<NewDecision> => {
      const custSpaceId = `C${row}`;
      const { submitted } = await ledger.readCustomer(custSpaceId);
      const submit = { place: { batchId: 'a', row }, seq: 0, ...submitted };
      const as = row === 2 ? 'rejected' : 'approved';
      return {
        custSpaceId,
        place: submit.place,
        seq: submit.seq,
        as,
        date: '2026-01-31',
        evidence: 'mail',
        by: 'ann',
      };
    }),
  );
  // As from a file: in portions, and the first once more because its answer was lost.
  for (const portion of [decisions.slice(0, 2), decisions.slice(0, 2), decisions.slice(2)])
    await ledger.recordReviews(portion, FILE);
  await ledger.recordReviews([{ ...(decisions[1] as NewDecision), as: 'approved' }], {
    ...FILE,
    reading: 'next',
  });
  expect(
    (await ledger.readLog('a')).map(({ by, action, details }) => [by, action, details]).slice(1),
  ).toEqual([
    ['ann', 'review', 'row 1 (C1): approved on 2026-01-31'],
    ['ann', 'review', '2 approved, 1 rejected, by reviews.csv'],
    ['ann', 'review', '1 approved, by reviews.csv'],
  ]);
});

it('two files at once leave two entries, however often they alternate', async () => {
  const bench = makeLedger();
  await bench.batch('a', [makeRow(1)]);
  await bench.submit('a', 1);
  for (let evidence = 0; evidence < 20; evidence++)
    for (const name of ['one', 'two']) {
      const as = name === 'one' ? 'approved' : 'rejected';
      await decide(bench, as, { evidence: `${evidence}` }, { name, reading: name });
    }
  expect((await bench.ledger.readLog('a')).map(({ details }) => details).slice(1)).toEqual([
    '20 approved, by one',
    '20 rejected, by two',
  ]);
});

it('rejected data that is corrected is sent again and awaits a review of its own', async () => {
  const bench = makeLedger();
  await bench.batch('a', [makeRow(1)]);
  await bench.submit('a', 1);
  const { submitted } = await bench.ledger.readCustomer('C1');
  await decide(bench, 'rejected');
  expect(await bench.batch('b', [makeRow(1)])).toEqual([]);
  expect(await bench.outcomes('b')).toEqual(['unchanged']);
  expect(await reviewIn(bench, 'b')).toMatchObject({ review: 'rejected' });
  expect(await bench.batch('c', [makeRow(1, { fingerprint: 'corrected' })])).toEqual([1]);
  await bench.submit('c', 1);
  expect(await reviewIn(bench, 'a')).toMatchObject({ review: 'rejected' });
  expect(await reviewIn(bench, 'b')).toMatchObject({ review: 'rejected' });
  expect(await reviewIn(bench, 'c')).toEqual({ review: 'awaited' });
  expect(await decide(bench, 'approved', { seq: submitted?.seq ?? 0 })).toBe('replaced');
  expect(await counts(bench, 'a')).toEqual({ awaited: 0, approved: 0, rejected: 1 });
  expect(await counts(bench, 'c')).toEqual({ awaited: 1, approved: 0, rejected: 0 });
});

it('a submit that newer data replaced before its review awaits none', async () => {
  const bench = makeLedger();
  await bench.batch('a', [makeRow(1)]);
  await bench.submit('a', 1);
  await bench.batch('b', [makeRow(1, { fingerprint: 'newer' })]);
  await bench.submit('b', 1);
  expect(await reviewIn(bench, 'a')).toEqual({ review: 'replaced' });
  expect(await counts(bench, 'a')).toEqual({ awaited: 0, approved: 0, rejected: 0 });
  expect(await awaited(bench)).toHaveLength(1);
});

it('what is awaited and what was decided survives the purge of its batch', async () => {
  const bench = makeLedger();
  await bench.batch('a', [makeRow(1), makeRow(2)]);
  await bench.submit('a', 1);
  await bench.submit('a', 2);
  await decide(bench, 'approved');
  expect(await bench.ledger.purge('a', 'test')).toBe('done');
  expect(await awaited(bench)).toMatchObject([{ custSpaceId: 'C2' }]);
  await bench.batch('b', [makeRow(1)]);
  expect(await reviewIn(bench, 'b')).toMatchObject({ review: 'approved' });
  expect(await decide(bench, 'rejected')).toBe('changed');
  const keys = await connectTestRedis().keys(`{${bench.account}}:ledger:batch:a*`);
  expect(keys).toEqual([]);
});

it('those that have waited longest come first, page by page, and are counted by age', async () => {
  const bench = makeLedger();
  const redis = connectTestRedis();
  const now = Date.now();
  const days = [40, 8, 8, 3, 0];
  for (const [index, day] of days.entries())
    await redis.zadd(`{${bench.account}}:ledger:awaited`, now - day * DAY_MS - 1, `C${index}`);
  const pages: string[][] = [];
  for (let after: Awaited<ReturnType<typeof awaited>>[number] | undefined; ; ) {
    const page = await bench.ledger.listAwaited({ before: now - 7 * DAY_MS, limit: 1, after });
    if (page.length === 0) break;
    pages.push(page.map(({ custSpaceId }) => custSpaceId));
    after = page.at(-1);
  }
  expect(pages).toEqual([['C0'], ['C1'], ['C2']]);
  expect(await bench.ledger.countAwaited({ now, overdueDays: 5 })).toEqual({
    awaited: 5,
    overdue: 3,
    overdueDays: 5,
    byAge: { under_1d: 1, '1d_to_7d': 1, '7d_to_30d': 2, over_30d: 1 },
  });
});

it('a late report of an earlier submit leaves the review of the later one', async () => {
  const bench = makeLedger();
  await bench.batch('a', [makeRow(1)]);
  const record = await bench.mark('a', 1);
  await bench.ledger.recordSuccess({
    batchId: 'a',
    row: 1,
    record: { ...record, seq: 9 },
    requestId: 'late',
  });
  await decide(bench, 'approved');
  await bench.ledger.recordSuccess({
    batchId: 'a',
    row: 1,
    record: { ...record, seq: 8 },
    requestId: 'early',
  });
  expect(await reviewIn(bench, 'a')).toMatchObject({ review: 'approved' });
  expect(await awaited(bench)).toEqual([]);
});

it('submits of a version that knew no reviews are listed once', async () => {
  const bench = makeLedger();
  const redis = connectTestRedis();
  await bench.batch('a', [makeRow(1), makeRow(2)]);
  await bench.submit('a', 1);
  await bench.submit('a', 2);
  await decide(bench, 'approved');
  await redis.del(`{${bench.account}}:ledger:awaited`);
  await redis.hdel(`{${bench.account}}:ledger:batch:a`, 'review:awaited');
  for (let time = 0; time < 2; time++) {
    await indexAwaited({ redis, account: bench.account });
    expect(await awaited(bench)).toMatchObject([{ custSpaceId: 'C2' }]);
    expect(await counts(bench, 'a')).toEqual({ awaited: 1, approved: 1, rejected: 0 });
  }
});
