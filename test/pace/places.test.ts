/** The place of a call among those of its process, whatever becomes of the call: one that is kept would be missing for ever. */
import { setMaxListeners } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { ask } from '../../src/pace/ask.ts';
import { CongestionWindow } from '../../src/pace/congestion.ts';
import { createPacer, type Pacer } from '../../src/pace/pacer.ts';
import { createPause } from '../../src/pace/pause.ts';
import { connectRedis, type RedisClient } from '../../src/redis/connect.ts';
import { startPrivateRedis } from '../../src/sandbox/local-redis.ts';
import { seedPace } from '../support/pace.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const FEWEST = 4;
const NEVER = new AbortController().signal;
setMaxListeners(0, NEVER);
const TERMS = { rate: 1_000, guardMs: 0, probeEveryMs: 60_000 };

/** A window in which only the fewest have a place. */
function makeNarrow(): CongestionWindow {
  const window = new CongestionWindow(() => ({ idle: 0, active: 0, utilization: 1 }));
  for (let round = 0; round < 2_000; round++) window.noteMissed();
  expect(window.size).toBe(FEWEST);
  return window;
}

async function makePacer(congestion: CongestionWindow, redis: RedisClient = connectTestRedis()) {
  const account = uniqueName();
  await seedPace(redis, 'submit', { account, rate: TERMS.rate, intervalMs: 1 });
  return createPacer(redis, { account, ...TERMS, congestion });
}

const reserve = (pacer: Pacer, signal = NEVER) =>
  pacer.reserve('submit', { signal, ask: (question) => ask(pacer.terms, question) });

/** All of them at once, so that a single place that is missing would show. */
const expectFree = async (pacer: Pacer) => {
  const slots = await Promise.all(Array.from({ length: FEWEST }, () => reserve(pacer)));
  for (const { place } of slots) place.free();
};

it('is free again after a call that left, and after one that missed its slot', async () => {
  const pacer = await makePacer(makeNarrow());
  for (let call = 0; call < 3 * FEWEST; call++) await pacer.take('submit', NEVER);
  for (let call = 0; call < 3 * FEWEST; call++) {
    const slot = await reserve(pacer);
    expect(await pacer.depart('submit', { ...slot, dueAt: slot.dueAt - 5_000 }, NEVER)).toBeDefined();
  }
  await expectFree(pacer);
});

it('is free again after a call that was told to wait, or to stop while it waited for its slot', async () => {
  const window = makeNarrow();
  const [pacer, paused] = [await makePacer(window), await makePacer(window)];
  await createPause(paused.terms.redis, paused.terms.account, []).set('test');
  for (let call = 0; call < 3 * FEWEST; call++) await expect(reserve(paused)).rejects.toThrow();
  for (let call = 0; call < 3 * FEWEST; call++) {
    const stopping = new AbortController();
    const slot = await reserve(pacer, stopping.signal);
    const leaving = pacer.depart('submit', { ...slot, dueAt: slot.dueAt + 60_000 }, stopping.signal);
    stopping.abort();
    await expect(leaving).rejects.toThrow();
  }
  await expectFree(pacer);
});

it('is free again after calls that never left, and those that were told to stop before they had one', async () => {
  const pacer = await makePacer(makeNarrow());
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  await Promise.all(Array.from({ length: FEWEST }, () => reserve(pacer)));
  const waiting = Array.from({ length: 50 }, () => reserve(pacer, stopping.signal));
  stopping.abort();
  const outcomes = await Promise.allSettled(waiting);
  expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(40);
  await expectFree(pacer);
});

it('is free again after Redis died while the call asked', async () => {
  const server = await startPrivateRedis();
  const redis = connectRedis(server.url, { waitsForever: false });
  onTestFinished(() => redis.disconnect());
  const window = makeNarrow();
  const [near, lost] = [await makePacer(window), await makePacer(window, redis)];
  await server.stop();
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const calls = Array.from({ length: 3 * FEWEST }, () => reserve(lost, stopping.signal));
  redis.disconnect();
  // Those that have not asked yet would wait until it is back.
  stopping.abort();
  for (const outcome of await Promise.allSettled(calls)) expect(outcome.status).toBe('rejected');
  await expectFree(near);
});

it('is free again while the Redis of an account does not answer, which others have nothing to do with', async () => {
  const window = makeNarrow();
  const near = await makePacer(window);
  const asked = Array.from({ length: FEWEST }, async () => {
    const silent = await makePacer(window);
    return new Promise<void>((resolve) => {
      const askForNothing = () => {
        resolve();
        return new Promise<never>(() => undefined);
      };
      void silent.reserve('submit', { signal: NEVER, ask: askForNothing });
    });
  });
  await Promise.all(asked);
  await near.take('submit', NEVER);
});
