/**
 * What the limit of the peer made of the calls of one account and operation. Pure.
 *
 * A throttled call was avoidable if the pacer let too many calls go: if this call and the `limit` calls that were let
 * through before it left the workers within less than a second. If they left over a second or more and arrived within
 * less, what lies between made them meet, which no pacer can know; that one is unavoidable. When a call leaves is when its
 * bytes are given to the network of the machine. A call of which that is not known counts as avoidable.
 */
import type { Arrival } from '../../src/sandbox/simulator/record.ts';
import { mostInOneSecond } from '../../src/sandbox/simulator/rolling-window.ts';

export interface Call extends Arrival {
  /** Milliseconds since 1970. */
  leftAt: number | undefined;
}

export interface Limited {
  calls: number;
  throttled: number;
  avoidable: number;
  /** In any rolling second. */
  mostLeft: number;
  mostArrived: number;
}

/** @param calls in the order in which they arrived */
export function judgeCalls(calls: readonly Call[], limit: number): Limited {
  const throttled = calls.flatMap((call, index) => (isThrottled(call) ? [index] : []));
  const left = calls.flatMap(({ leftAt }) => leftAt ?? []).sort((a, b) => a - b);
  return {
    calls: calls.length,
    throttled: throttled.length,
    avoidable: throttled.filter((index) => isAvoidable(calls.slice(0, index + 1), limit)).length,
    mostLeft: mostInOneSecond(left),
    mostArrived: mostInOneSecond(calls.map(({ at }) => at)),
  };
}

export const isThrottled = ({ answer }: Arrival) => answer === 'Throttling.User';

function isAvoidable(calls: readonly Call[], limit: number): boolean {
  const before = calls.slice(0, -1).filter((call) => !isThrottled(call));
  const times = [...before.slice(-limit), ...calls.slice(-1)].map(({ leftAt }) => leftAt ?? Number.NaN);
  const span = Math.max(...times) - Math.min(...times);
  return !(span >= 1_000);
}

/** Departures, as `scale-watch.mjs` writes them, and the calls that they became. */
export function matchDepartures(arrivals: readonly Arrival[], lines: readonly string[]): Call[] {
  const waiting = new Map<string, number[]>();
  const departures = lines.map((line) => line.split(' ')).sort(([a], [b]) => Number(a) - Number(b));
  for (const [at, ...call] of departures) {
    const name = call.join(' ');
    waiting.set(name, [...(waiting.get(name) ?? []), Number(at)]);
  }
  return arrivals
    .filter(({ operation }) => operation === 'authorize' || operation === 'submit')
    .map((arrival) => {
      const { operation, accessKeyId, subject } = arrival;
      return { ...arrival, leftAt: waiting.get(`${operation} ${accessKeyId} ${subject}`)?.shift() };
    });
}
