import { expect, it } from 'vitest';
import { jobIdOf } from '../../src/queue/job.ts';
import { backoffMs } from '../../workers/backoff.ts';

const DATA = { batchId: '20260102-030405-a1b2c3', row: 7, redrive: 0 };

it('gives a row the same job id every time, and another one for another step or redrive', () => {
  expect(jobIdOf('upload', DATA)).toBe('up-20260102-030405-a1b2c3-7');
  expect(
    new Set([jobIdOf('upload', DATA), jobIdOf('submit', DATA), jobIdOf('upload', { ...DATA, redrive: 1 })])
      .size,
  ).toBe(3);
});

it('doubles the backoff up to a minute and spreads it over half of that', () => {
  expect([1, 2, 3, 9].map((attempt) => backoffMs(attempt, 1))).toEqual([2000, 4000, 8000, 60_000]);
  expect(backoffMs(3, 0)).toBe(4000);
});
