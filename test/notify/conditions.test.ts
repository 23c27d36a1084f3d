import { expect, it } from 'vitest';
import { type Condition, follow, type Present, type Standing } from '../../src/notify/conditions.ts';

const OUTAGE: Condition = { began: 'outage.began', ended: 'outage.ended', afterMs: 30, awayMs: 60 };

/** Looks at each moment; a present one began at its time. @returns what was told, and when */
function watch(condition: Condition, moments: readonly [now: number, since?: number][]): string[] {
  let before: Standing | undefined;
  return moments.flatMap(([now, since]) => {
    const present: Present | undefined = since === undefined ? undefined : { since, facts: {} };
    const { news, after } = follow(condition, { before, present, now });
    before = after;
    return news.map(({ type, about }) => `${now} ${type} ${about.join()}`);
  });
}

it('is told once it has lasted, and its end once it stays away', () => {
  const moments = [[10, 5], [34, 5], [35, 5], [40, 5], [50], [109], [110], [120]] as [number, number?][];
  expect(watch(OUTAGE, moments)).toEqual(['35 outage.began 5', '110 outage.ended 5']);
});

it('what is over before it was told is told neither time', () => {
  expect(watch(OUTAGE, [[10, 5], [20], [200]])).toEqual([]);
});

it('what flickers is one and the same, whatever it says of its beginning', () => {
  const moments = [[40, 5], [50], [60, 55], [100, 55], [110], [150, 140], [160], [300]] as [
    number,
    number?,
  ][];
  expect(watch(OUTAGE, moments)).toEqual(['40 outage.began 5', '300 outage.ended 5']);
});

it('what comes back later is another one', () => {
  expect(watch(OUTAGE, [[40, 5], [50], [120], [200, 170]])).toEqual([
    '40 outage.began 5',
    '120 outage.ended 5',
    '200 outage.began 170',
  ]);
});

it('without a beginning of its own, it counts from the first look; without an end, none is told', () => {
  const condition: Condition = { began: 'workers.absent', afterMs: 30, awayMs: 60 };
  let before: Standing | undefined;
  const told = [10, 39, 40, 50].flatMap((now) => {
    const { news, after } = follow(condition, { before, present: { facts: { rows: 2 } }, now });
    before = after;
    return news;
  });
  expect(told).toEqual([{ type: 'workers.absent', at: 10, about: [10], facts: { rows: 2 } }]);
  expect(
    follow(condition, { before: { since: 10, isTold: true, goneAt: 60 }, present: undefined, now: 120 }),
  ).toEqual({
    news: [],
    after: undefined,
  });
});
