/** What the scripts of the pace return, decoded. */
import { expect, it } from 'vitest';
import { adjustScript } from '../../src/pace/adjust.ts';
import { askScript } from '../../src/pace/ask.ts';

const FACTS = { interval: 204_000, now: 9, quietSince: 8, surge: 0, lastThrottle: 7, refusals: 2 };

it.each(['granted', 'probe'])('%s comes with the pace in force', (verdict) => {
  const answer = { verdict, ...FACTS };
  expect(askScript.decode(Object.entries(answer).flat())).toEqual(answer);
});

it.each(['wait', 'breaker'])('%s comes with the time to wait', (verdict) => {
  expect(askScript.decode(['verdict', verdict, 'wait', 500])).toEqual({ verdict, wait: 500 });
});

it('an adjustment tells whether it was written', () => {
  expect(adjustScript.decode(['isWritten', 1])).toEqual({ isWritten: true });
  expect(adjustScript.decode(['isWritten', 0])).toEqual({ isWritten: false });
});
