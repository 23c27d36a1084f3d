import { expect, it } from 'vitest';
import { backoffMs } from '../../workers/backoff.ts';

it('doubles the backoff up to a minute and spreads it over half of that', () => {
  expect([1, 2, 3, 9].map((attempt) => backoffMs(attempt, 1))).toEqual([2000, 4000, 8000, 60_000]);
  expect(backoffMs(3, 0)).toBe(4000);
});
