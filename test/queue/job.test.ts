import { expect, it } from 'vitest';
import { jobDataSchema, jobIdOf, storedJobOf } from '../../src/queue/job.ts';

const DATA = { batchId: '20260102-030405-a1b2c3', row: 7, redrive: 0 };

it('gives a row the same job id every time, and another one for another step or redrive', () => {
  expect(jobIdOf('upload', DATA)).toBe('up-20260102-030405-a1b2c3-7');
  expect(
    new Set([jobIdOf('upload', DATA), jobIdOf('submit', DATA), jobIdOf('upload', { ...DATA, redrive: 1 })])
      .size,
  ).toBe(3);
});

it('stores a job with the names that earlier versions read, and reads it back', () => {
  const job = { batchId: 'b', row: 7, redrive: 2 };
  expect(storedJobOf(job)).toEqual({ batchId: 'b', row: 7, round: 2 });
  expect(jobDataSchema.parse(storedJobOf(job))).toEqual(job);
});
