import { expect, it } from 'vitest';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { decideUsage } from '../../../src/koogallery/usage/decide.ts';
import { measureUsage, nextOf, untilOf } from '../../../src/koogallery/usage/measure-usage.ts';
import { pageUsage, type UsagePageOrder } from '../../../src/koogallery/usage/page-usage.ts';
import { slotOf } from '../../../src/koogallery/usage/windows.ts';
import { fillUsage } from '../../support/koogallery/filled-shop.ts';
import { makeChannel } from '../../support/koogallery/registry.ts';

const HOUR_MS = 3_600_000;

async function readAll(access: ChannelAccess, order: Omit<UsagePageOrder, 'cursor'>): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await pageUsage(access, { ...order, cursor });
    expect(page.records.length).toBeLessThanOrEqual(order.limit);
    ids.push(...page.records.map(({ id }) => id));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return ids;
}

it('lists every record once, what a person has to decide first, in pages of any length', async () => {
  const access = makeChannel();
  await fillUsage(access, 3);
  const whole = await readAll(access, { limit: 100 });
  expect(whole.map((id) => id.split('-')[0])).toEqual([
    ...Array(3).fill('abnormal'),
    ...Array(3).fill('lost'),
    ...Array(3).fill('recorded'),
    ...Array(3).fill('received'),
  ]);
  for (const limit of [1, 2, 4]) expect(await readAll(access, { limit })).toEqual(whole);
  expect(await readAll(access, { limit: 2, state: 'received' })).toHaveLength(3);
  expect(await readAll(access, { limit: 2, code: '013' })).toHaveLength(3);
  expect(await readAll(access, { limit: 2, code: '010' })).toEqual([]);
  expect(await readAll(access, { limit: 5, instanceId: 'other' })).toEqual([]);
  await expect(pageUsage(access, { limit: 1, cursor: '!' })).rejects.toMatchObject({ code: 'USAGE' });
});

it('counts records by state, and says what comes next for those that the marketplace does not have', async () => {
  const access = makeChannel();
  await fillUsage(access);
  const { counts, deadlines, untilMs } = await measureUsage(access);
  expect(counts).toEqual({ recorded: 1, sending: 0, sent: 1, received: 1, abnormal: 1, settled: 0 });
  expect(deadlines.reduce((sum, { records }) => sum + records, 0)).toBe(2);
  // They were given late.
  expect(untilMs.wanted).toBeLessThan(0);
  expect(untilMs.refused).toBeGreaterThan(0);
  for (const id of ['recorded-1', 'lost-1']) await decideUsage(access, { id, as: 'lost', by: 'test' });
  expect(await measureUsage(access)).toMatchObject({ counts: { settled: 2 }, deadlines: [], untilMs: {} });
});

it('names of each slot the deadline that is ahead', () => {
  const begin = Date.UTC(2026, 0, 10, 8);
  const slots = [
    { slot: slotOf({ begin, end: begin + HOUR_MS }), records: 2 },
    { slot: slotOf({ begin: begin - HOUR_MS, end: begin }), records: 1 },
  ];
  const at = begin + HOUR_MS;
  const quarter = HOUR_MS / 4;
  expect(nextOf(slots, at)).toEqual(
    [
      { deadline: 'latest', at: at + HOUR_MS, records: 1 },
      { deadline: 'wanted', at: at + quarter, records: 2 },
    ].sort((a, b) => a.at - b.at),
  );
  expect(untilOf(slots, at)).toMatchObject({ wanted: -3 * quarter, latest: HOUR_MS });
  const refused = Date.UTC(2026, 0, 31);
  expect(nextOf(slots, refused + 1)).toEqual([{ deadline: 'refused', at: refused, records: 3 }]);
  expect(untilOf([], at)).toEqual({});
});
