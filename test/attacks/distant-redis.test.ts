/** Workers far from Redis: everything is sent once, not faster than the peer allows, and no row stays marked. */
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { ChildProgram } from '../../src/sandbox/child-program.ts';
import { mostInOneSecond } from '../../src/sandbox/simulator/rolling-window.ts';
import { makeCustomers } from '../support/customers.ts';
import { type Distance, startDistantRedis } from '../support/distant-redis.ts';
import { importRows, startWorkerProgram } from '../support/programs.ts';
import { outcomesOf, rowsOf } from '../support/rows.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { waitForBatch, waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

const CUSTOMERS = 60;
const MANY = 100;
/** Of so many calls; how few they are on a machine of its own is measured by `npm run bench -- latency`. */
const THROTTLED_MAX = 6;
const LIMITED = ['authorize', 'submit'] as const;
/** As a customer has it: 4 ms for each gap, narrowed while nothing is throttled. */
const ENVIRONMENT = { ONBOARD_PACE_GUARD_MS: '4', CHATAPP_TIMEOUT_MS: '10000', ONBOARD_LOCK_SECONDS: '30' };

/** In a take of a row that was not marked before, and in no other command. */
const MARK = '{"attempts":1}';

/** Counted at the peer, which allows exactly 5 calls in any rolling second. */
function countOf(world: World, operation: (typeof LIMITED)[number]) {
  const calls = world.simulator.state.record.arrivals.filter((call) => call.operation === operation);
  const letThrough = calls.filter(({ answer }) => answer !== 'Throttling.User');
  return {
    calls: calls.length,
    throttled: calls.length - letThrough.length,
    most: mostInOneSecond(letThrough.map(({ at }) => at)),
  };
}

async function startFarWorkers(world: World, count: number, distance: Distance): Promise<ChildProgram[]> {
  const far = await startDistantRedis(inject('redisUrl'), distance);
  onTestFinished(far.stop);
  const env = { REDIS_URL: far.url };
  return Promise.all(Array.from({ length: count }, () => startWorkerProgram(world, env)));
}

describe('Redis at a distance', () => {
  it.each([1, 5, 20, 50].flatMap((roundTripMs) => [1, 3].map((workers) => ({ roundTripMs, workers }))))(
    'of $roundTripMs ms ± 30 %, with $workers workers',
    async ({ roundTripMs, workers }) => {
      const world = await createWorld({ environment: ENVIRONMENT, latencyMs: 40 });
      const running = await startFarWorkers(world, workers, { roundTripMs, jitter: 0.3 });
      const batchId = await importRows(world, makeCustomers(CUSTOMERS));
      const { counts } = await waitUntilFinished(world, batchId);
      expect(counts).toMatchObject({ submitted: CUSTOMERS, submitting: 0, uploading: 0, uploaded: 0 });
      const { accepted } = world.simulator.state.record;
      expect(new Set(accepted.map(({ custSpaceId }) => custSpaceId)).size).toBe(CUSTOMERS);
      expect(accepted).toHaveLength(CUSTOMERS);
      for (const operation of LIMITED) {
        const count = countOf(world, operation);
        expect(count.most).toBeLessThanOrEqual(5);
        // Throttled calls are how a new account learns the spread of the network, or of a busy machine.
        expect(count.throttled, `${operation} of ${count.calls}`).toBeLessThanOrEqual(THROTTLED_MAX);
      }
      await Promise.all(running.map((program) => program.stop()));
    },
  );
});

it('a worker that is stopped for two seconds between asking for its slot and sending gives it up', async () => {
  // A guard of its own, so that a busy machine is not taken for a late call.
  const environment = { ...ENVIRONMENT, ONBOARD_PACE_GUARD_MS: '40' };
  const world = await createWorld({ environment, latencyMs: 40 });
  const proxy = await startTcpProxy(inject('redisUrl'));
  const [stopped] = await Promise.all([
    startWorkerProgram(world, { REDIS_URL: proxy.url }),
    startWorkerProgram(world),
  ]);
  // Far more than are sent meanwhile: each time, a row is left that was not marked before.
  const batchId = await importRows(world, makeCustomers(MANY));
  await waitForPeer(world, ({ accepted }) => accepted.length >= 5);
  for (let times = 1; times <= 3; times++) {
    await proxy.hears(MARK, () => stopped?.signal('SIGSTOP'));
    const before = world.simulator.state.record.accepted.length;
    await waitForPeer(world, ({ accepted }) => accepted.length >= before + 10);
    stopped?.signal('SIGCONT');
  }
  await waitForBatch(world, batchId, ({ state }) => state === 'finished');
  expect(new Set(await outcomesOf(world, batchId))).toEqual(new Set(['submitted']));
  for (const { record } of await rowsOf(world, batchId)) expect(record.ambiguous).toBe(0);
  for (const operation of LIMITED) expect(countOf(world, operation)).toMatchObject({ throttled: 0 });
  expect(world.simulator.state.record.accepted).toHaveLength(MANY);
});
