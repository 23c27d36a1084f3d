import { expect, it } from 'vitest';
import { keepPausedScript } from '../../src/queue/keep-paused.ts';
import { missingJobsScript } from '../../src/queue/missing-jobs.ts';

it('what the scripts of the queues return is decoded by name', () => {
  expect(keepPausedScript.decode(['isPaused', 1])).toEqual({ isPaused: true });
  expect(keepPausedScript.decode(['isPaused', 0])).toEqual({ isPaused: false });
  expect(missingJobsScript.decode(['missing', ['up-b-1']])).toEqual({ missing: ['up-b-1'] });
});
