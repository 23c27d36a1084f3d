import { describe, expect, it } from 'vitest';
import { type Call, judgeCalls, matchDepartures } from '../../scripts/bench/scale-calls.ts';

const LIMIT = 2;

/** Calls that left and arrived at these times; one that was throttled has a negative arrival. */
function callsOf(...times: [leftAt: number | undefined, at: number][]): Call[] {
  return times.map(([leftAt, at]) => ({
    operation: 'submit',
    accessKeyId: 'key',
    subject: 'C1',
    answer: at < 0 ? 'Throttling.User' : 'OK',
    isDone: at >= 0,
    at: Math.abs(at),
    leftAt,
  }));
}

describe('a throttled call', () => {
  it('was avoidable if it left less than a second after those that were let through before it', () => {
    const calls = callsOf([0, 10], [500, 510], [999, -1_009]);
    expect(judgeCalls(calls, LIMIT)).toMatchObject({ calls: 3, throttled: 1, avoidable: 1, mostLeft: 3 });
  });

  it('was unavoidable if the way made it meet them', () => {
    const calls = callsOf([0, 30], [500, 510], [1_000, -1_010]);
    expect(judgeCalls(calls, LIMIT)).toMatchObject({
      throttled: 1,
      avoidable: 0,
      mostLeft: 2,
      mostArrived: 3,
    });
  });

  it('is not excused by others that were throttled, nor by a departure that nobody saw', () => {
    const throttled = callsOf([0, 10], [500, 510], [990, -1_000], [995, -1_005]);
    expect(judgeCalls(throttled, LIMIT)).toMatchObject({ throttled: 2, avoidable: 2 });
    const unseen = callsOf([0, 10], [undefined, 510], [1_005, -1_009]);
    expect(judgeCalls(unseen, LIMIT)).toMatchObject({ throttled: 1, avoidable: 1 });
  });
});

it('each arrival gets the departure of its own call, in the order in which they left', () => {
  const arrivals = callsOf([undefined, 30], [undefined, 40]);
  const calls = matchDepartures(arrivals, ['39 submit key C1', '29 submit key C1', '20 submit other C1']);
  expect(calls.map(({ leftAt }) => leftAt)).toEqual([29, 39]);
});
