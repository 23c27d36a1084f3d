/**
 * How close to the limit if Redis is far away, and how often over it: one and three workers at several distances, against
 * simulators that allow exactly 5 calls in any rolling second.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arrival, SimulatorRecord } from '../../src/sandbox/simulator/record.ts';
import { mostInOneSecond } from '../../src/sandbox/simulator/rolling-window.ts';
import { renderTable } from '../../src/text.ts';
import { startDistantRedis } from '../../test/support/distant-redis.ts';
import { startWorker } from './processes.ts';
import { openStage } from './stage.ts';

const ROUND_TRIPS_MS = [0, 1, 5, 20, 50];
const JITTER = 0.3;
const WORKERS = [1, 3];
const SECONDS = 45;
/** Begins after the first full window and the first connections. */
const WARM_UP_MS = 5_000;
const BOUND = 5;
const LIMITED = ['authorize', 'submit'] as const;

/** @param shortened seconds of each run, if not the usual ones */
export async function benchLatency(redisUrl: string, shortened?: string): Promise<string> {
  const seconds = Number(shortened ?? SECONDS);
  const rows = [['round trip', 'workers', 'submits/s', 'of 5/s', 'throttled', 'calls in 1 s, at most']];
  for (const roundTripMs of ROUND_TRIPS_MS)
    for (const workers of WORKERS) {
      rows.push(await measure(redisUrl, { roundTripMs, workers, seconds }));
      process.stderr.write(`${rows.at(-1)?.join(' | ')}\n`);
    }
  return renderTable(rows);
}

interface Run {
  roundTripMs: number;
  workers: number;
  seconds: number;
}

async function measure(redisUrl: string, { roundTripMs, workers, seconds }: Run): Promise<string[]> {
  const far = await startDistantRedis(redisUrl, { roundTripMs, jitter: JITTER });
  const stage = await openStage(redisUrl, { latencyMs: 40 });
  const environment = { ...stage.environment, REDIS_URL: roundTripMs === 0 ? redisUrl : far.url };
  const running = await Promise.all(Array.from({ length: workers }, () => startWorker(environment)));
  await stage.importCustomers((BOUND + 1) * (seconds + 15));
  const { record } = stage.simulator.state;
  while (!record.arrivals.some(({ operation }) => operation === 'submit')) await sleep(100);
  await sleep(WARM_UP_MS);
  const from = performance.now();
  await sleep(seconds * 1000);
  const to = performance.now();
  const calls = limitedIn(record, from, to);
  const throttled = calls.filter((call) => !isLetThrough(call)).length;
  const submits = calls.filter((call) => call.operation === 'submit' && isLetThrough(call));
  const perSecond = (submits.length / (to - from)) * 1000;
  const allThrottled = limitedIn(record, 0, to).filter((call) => !isLetThrough(call)).length;
  await Promise.all(running.map((program) => program.stop()));
  await Promise.all([stage.close(), far.stop()]);
  return [
    roundTripMs === 0 ? 'none' : `${roundTripMs} ms ± ${JITTER * 100} %`,
    String(workers),
    perSecond.toFixed(3),
    `${((perSecond / BOUND) * 100).toFixed(1)} %`,
    `${throttled} of ${calls.length} (${allThrottled} with the start)`,
    String(mostOf(record)),
  ];
}

function limitedIn({ arrivals }: SimulatorRecord, from: number, to: number): Arrival[] {
  return arrivals.filter(({ operation, at }) => operation !== 'put' && at >= from && at < to);
}

const isLetThrough = ({ answer }: Arrival) => answer !== 'Throttling.User';

function mostOf({ arrivals }: SimulatorRecord): number {
  const most = LIMITED.map((wanted) =>
    mostInOneSecond(arrivals.filter((call) => call.operation === wanted).map(({ at }) => at)),
  );
  return Math.max(...most);
}
