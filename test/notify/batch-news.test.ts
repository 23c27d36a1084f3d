import { expect, it } from 'vitest';
import { parseBatch } from '../../src/ledger/batch-record.ts';
import { newsOf, type ToldOfBatch } from '../../src/notify/batch-news.ts';

const HOUR = 3_600_000;
const FACTS = {
  id: 'b1',
  account: 'default',
  name: 'ACME GmbH.csv',
  source: 'ACME GmbH.csv',
  by: 'ann',
  kind: 'import',
  columns: '[]',
  fieldColumns: '[]',
  created: '1000',
  total: '3',
  sealedAt: '1000',
};

const batchWith = (facts: Record<string, string>) => parseBatch({ ...FACTS, ...facts });
const look = (facts: Record<string, string>, told?: ToldOfBatch, now = 2_000, begun = 0) =>
  newsOf(batchWith(facts), { told, begun, now });

it('a batch that is finished is told with its counts, and no name', () => {
  const { news, told } = look({ finished: '1500', submitted: '2', failed: '1' });
  expect(news).toMatchObject([
    {
      type: 'batch.finished',
      at: 1500,
      about: ['b1', 1500],
      facts: { batch: 'b1', submitted: 2, failed: 1 },
    },
  ]);
  expect(JSON.stringify(news)).not.toContain('ACME');
  expect(look({ finished: '1500', submitted: '2', failed: '1' }, told).news).toEqual([]);
});

it('it is told again after a retry only if that has changed something', () => {
  const { told } = look({ finished: '1500', submitted: '2', failed: '1' });
  expect(look({ finished: '1800', submitted: '2', failed: '1' }, told).news).toEqual([]);
  expect(look({ finished: '1900', submitted: '3' }, told).news).toMatchObject([{ about: ['b1', 1900] }]);
});

it('what was over before anybody was told anything is taken as known', () => {
  const { news, told } = look({ finished: '1500', submitted: '3', parked: '1' }, undefined, 2_000, 1_800);
  expect(news).toEqual([]);
  expect(told).toMatchObject({ parked: 1 });
});

it('a pause is told with who or why, once', () => {
  const { news, told } = look({ pausedAt: '1500', pausedBy: 'ann', pending: '3' });
  expect(news).toMatchObject([{ type: 'batch.paused', facts: { batch: 'b1', by: 'ann' } }]);
  expect(look({ pausedAt: '1500', pausedBy: 'ann', pending: '3' }, told).news).toEqual([]);
  const itself = look({ pausedAt: '1700', pausedWhy: 'Terms.Invalid', pending: '3' }, told);
  expect(itself.news).toMatchObject([{ facts: { why: 'Terms.Invalid' } }]);
});

it('rows that are parked one by one are told together', () => {
  const first = look({ parked: '1', pending: '2' }, undefined, HOUR);
  expect(first.news).toMatchObject([{ type: 'row.parked', facts: { parked: 1 } }]);
  const second = look({ parked: '2', pending: '1' }, first.told, HOUR + 60_000);
  expect(second.news).toEqual([]);
  const third = look({ parked: '3' }, second.told, HOUR + 11 * 60_000);
  expect(third.news).toMatchObject([{ facts: { parked: 3 } }]);
  // Settled by a person, and parked again: another event.
  const settled = look({ parked: '2' }, third.told, 2 * HOUR);
  expect(settled.news).toEqual([]);
  const again = look({ parked: '3' }, settled.told, 3 * HOUR);
  expect(again.news).toHaveLength(1);
  expect(again.news[0]?.about).not.toEqual(third.news[0]?.about);
});
