/** A call waits for its slot without keeping a processor busy. */
import { expect, it } from 'vitest';
import { waitUntil } from '../../src/pace/wait-until.ts';

const NEVER = new AbortController().signal;

/** A clock that counts how often it is read: once for each look whether the time has come. */
function countingClock() {
  const clock = { looks: 0, read: () => ++clock.looks && performance.now() };
  return clock;
}

it.each([0.4, 1.3, 2, 5.7, 20.2])('does not look again and again in the last of %d ms', async (ms) => {
  const clock = countingClock();
  const at = performance.now() + ms;
  await waitUntil(at, clock.read, NEVER);
  expect(clock.looks).toBeLessThanOrEqual(4);
  expect(performance.now()).toBeGreaterThanOrEqual(at - 0.5);
});

it('ends at once when it is aborted', async () => {
  const aborted = AbortSignal.abort(new Error('stop'));
  await expect(waitUntil(performance.now() + 60_000, () => performance.now(), aborted)).rejects.toThrow(
    'stop',
  );
});
