import { expect, it } from 'vitest';
import { jobDataSchema, jobIdOf, storedJobOf } from '../../src/queue/job.ts';
import { backoffMs } from '../../workers/backoff.ts';

const DATA = { batchId: '20260102-030405-a1b2c3', row: 7, redrive: 0 };

it('job ids, same row, are the same; another step or redrive is another', () => {
  expect(jobIdOf('upload', DATA)).toBe('up-20260102-030405-a1b2c3-7');
  expect(
    new Set([jobIdOf('upload', DATA), jobIdOf('submit', DATA), jobIdOf('upload', { ...DATA, redrive: 1 })])
      .size,
  ).toBe(3);
});

it('a job is stored with the names that earlier versions read, and read back', () => {
  const job = { batchId: 'b', row: 7, redrive: 2 };
  expect(storedJobOf(job)).toEqual({ batchId: 'b', row: 7, round: 2 });
  expect(jobDataSchema.parse(storedJobOf(job))).toEqual(job);
});

it('backoff, growing attempts, doubles to a minute and spreads over half of it', () => {
  expect([1, 2, 3, 9].map((attempt) => backoffMs(attempt, 1))).toEqual([2000, 4000, 8000, 60_000]);
  expect(backoffMs(3, 0)).toBe(4000);
});
