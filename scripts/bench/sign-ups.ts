/**
 * Clients that sign up customers one by one while a large batch is sent, with a server and a Redis that are killed: what it
 * costs them, and the batch. Needs `redis-server` on PATH: the Redis of the others cannot be killed.
 */
import { renderTable } from '../../src/text.ts';
import { percentile } from '../../test/support/sign-ups.ts';
import { type Pace, type Storm, storm } from './sign-up-storm.ts';

const ORDER = {
  clients: 200,
  seconds: 60,
  rows: 100_000,
  jitterMs: 80,
  submits: { before: 150, alone: 150 },
};

/** @param clients if not the usual number */
export async function benchSignUps(_redisUrl: string, clients?: string): Promise<string> {
  const order = { ...ORDER, clients: Number(clients ?? ORDER.clients) };
  const found = await storm(order);
  return [renderTable(answersOf(found, order)), renderTable(paceOf(found))].join('\n\n');
}

function answersOf(
  { done, refused, wrong, unacknowledged, acceptedTwice, awayMs }: Storm,
  order: typeof ORDER,
) {
  const smooth = done.filter(({ tries }) => tries === 1).map(({ ms }) => ms);
  const all = done.map(({ ms }) => ms);
  const both = (share: number) => `${ms(percentile(smooth, share))}, ${ms(percentile(all, share))}`;
  return [
    ['clients, seconds, rows of the batch', `${order.clients}, ${order.seconds}, ${order.rows}`],
    ['customers acknowledged', `${done.length}, ${(done.length / order.seconds).toFixed(1)} a second`],
    ['acknowledged at the first try', String(smooth.length)],
    ['p50 of these, of all', both(0.5)],
    ['p99 of these, of all', both(0.99)],
    ['longest of these, of all', both(1)],
    ['tries that were not acknowledged', total(refused)],
    ...Object.entries(refused).map(([what, count]) => [`  ${what}`, String(count)]),
    ['Redis was away', ms(awayMs)],
    ['acknowledged and lost, or twice', `${wrong.length}, ${unacknowledged}`],
    ['accepted twice by the peer', String(acceptedTwice)],
  ];
}

function paceOf({ pace }: Storm): string[][] {
  const row = (name: string, { perSecond, most, longestGapMs, throttled, calls }: Pace) => [
    ...[name, perSecond.toFixed(3), String(most), ms(longestGapMs), `${throttled} of ${calls}`],
  ];
  return [
    ['at the simulator, J = 80 ms', 'submits/s', 'most in 1 s', 'longest gap', 'throttled'],
    row('without the clients', pace.alone),
    row('beside them, until Redis is killed', pace.beside),
    row('beside them, from when it is back', pace.after),
  ];
}

const ms = (value: number) => `${Math.round(value)} ms`;
const total = (counts: Record<string, number>) =>
  String(Object.values(counts).reduce((sum, n) => sum + n, 0));
