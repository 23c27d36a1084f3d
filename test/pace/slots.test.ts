/** When slots are due, near Redis and far from it, and what becomes of those that are missed. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, it, onTestFinished } from 'vitest';
import { ask } from '../../src/pace/ask.ts';
import { createPacer, type Lateness, type Pacer, type PacerOptions } from '../../src/pace/pacer.ts';
import type { MissedSlot } from '../../src/pace/slot-line.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { redisTime } from '../../src/redis/time.ts';
import { mostInOneSecond } from '../../src/sandbox/simulator/rolling-window.ts';
import { startDistantRedis } from '../support/distant-redis.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const NEVER = new AbortController().signal;
setMaxListeners(0, NEVER);
const OPTIONS = { rate: 20, guardMs: 2, probeEveryMs: 60_000 };

function makePacer(more: Partial<PacerOptions> = {}): Pacer {
  return createPacer(connectTestRedis(), { account: uniqueName(), ...OPTIONS, ...more });
}

async function makeFarPacer(roundTripMs: number, more: Partial<PacerOptions> = {}): Promise<Pacer> {
  const far = await startDistantRedis(inject('redisUrl'), { roundTripMs, jitter: 0.3 });
  const redis = connectRedis(far.url, { waitsForever: false });
  onTestFinished(async () => {
    redis.disconnect();
    await far.stop();
  });
  return createPacer(redis, { account: uniqueName(), ...OPTIONS, ...more });
}

const reserve = (pacer: Pacer, missed?: MissedSlot) =>
  pacer.reserve('submit', { signal: NEVER, ask: (question) => ask(pacer.terms, question), missed });

/** The answer comes later than the slot is due, and the clock of Redis is set back before it. */
const reserveSlowly = (pacer: Pacer, setBackBy = 0) =>
  pacer.reserve('submit', {
    signal: NEVER,
    async ask(question) {
      const answer = await ask(pacer.terms, question);
      await sleep(100);
      return 'due' in answer
        ? { ...answer, due: answer.due - setBackBy, now: answer.now - setBackBy }
        : answer;
    },
  });

/** Times at which so many calls could leave, of as many as possible at once. */
async function takeMany(pacer: Pacer, count: number): Promise<number[]> {
  const one = async () => {
    await pacer.take('submit', NEVER);
    return performance.now();
  };
  return (await Promise.all(Array.from({ length: count }, one))).sort((a, b) => a - b);
}

it('keeps the phase: a slot is exactly one interval after the one before it, whenever it was asked for', async () => {
  const pacer = makePacer();
  await reserve(pacer);
  const dues: number[] = [];
  for (let count = 0; count < 6; count++) {
    const answer = await ask(pacer.terms, { step: 'submit', horizonMs: 900, reachMs: 1, missed: undefined });
    if ('due' in answer) dues.push(answer.due);
  }
  expect(dues.slice(1).map((due, index) => due - (dues[index] ?? 0))).toEqual(Array(5).fill(52_000));
});

it('begins a new phase where nobody asked in time', async () => {
  const pacer = makePacer();
  const redis = connectTestRedis();
  const key = accountKeys(pacer.terms.account).pace('submit');
  await reserve(pacer);
  const ago = (await redisTime(redis, key)) - 10_000_000;
  await redis.hset(key, 'last', ago);
  const { answer } = await reserve(pacer);
  expect(answer.due).toBeGreaterThanOrEqual(answer.now + 1_000);
});

it('is not stopped by a clock that was set back', async () => {
  const pacer = makePacer();
  const redis = connectTestRedis();
  const key = accountKeys(pacer.terms.account).pace('submit');
  await reserve(pacer);
  await redis.hset(key, 'last', (await redisTime(redis, key)) + 3_600_000_000);
  const { answer } = await reserve(pacer);
  expect(answer.due - answer.now).toBeLessThan(60_000);
});

it('uses the whole rate far from Redis, and exceeds it nowhere', async () => {
  const pacer = await makeFarPacer(50, { guardMs: 4 });
  const times = await takeMany(pacer, 30);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
  expect(29 / seconds).toBeGreaterThan(0.8 * (1_000 / 54));
  expect(mostInOneSecond(times)).toBeLessThanOrEqual(20);
});

it('has several takes under way where slots are closer together than a round trip', async () => {
  const pacer = await makeFarPacer(50, { rate: 100, guardMs: 1 });
  // One after the other would be 20 a second.
  const times = await takeMany(pacer, 150);
  const [from = 0, to = 0] = [times[30], times.at(-1)];
  expect(119 / ((to - from) / 1_000)).toBeGreaterThan(50);
});

it('gives up a slot that is past, and moves it where nobody has a later one', async () => {
  let late = 0;
  const pacer = makePacer({ clock: () => performance.now() + late });
  const slot = await reserve(pacer);
  late = 60;
  const missed = await pacer.depart('submit', slot, NEVER);
  expect(missed?.lateMs).toBeGreaterThan(25);
  const again = await reserve(pacer, missed);
  expect(again.answer.due - slot.answer.due).toBeLessThan(52_000);
  expect(await pacer.depart('submit', again, NEVER)).toBeUndefined();
  expect((await pacer.read('submit')).granted).toBe(1);
});

it('takes a later slot where the next one has gone to somebody else', async () => {
  let late = 0;
  const pacer = makePacer({ clock: () => performance.now() + late });
  const slot = await reserve(pacer);
  const next = await reserve(pacer);
  late = 200;
  const missed = await pacer.depart('submit', slot, NEVER);
  const again = await reserve(pacer, missed);
  expect(again.answer.due).toBeGreaterThanOrEqual(next.answer.due + 52_000);
});

it('believes what it knows of the clock of Redis more than one slow answer', async () => {
  const pacer = makePacer();
  await reserve(pacer);
  const slot = await reserveSlowly(pacer);
  expect(slot.isDoubtful).toBe(false);
  expect(slot.dueAt - performance.now()).toBeLessThan(0);
});

it('does not use a slot whose time it does not know: a slow answer after the clock of Redis was set', async () => {
  const pacer = makePacer();
  for (let count = 0; count < 3; count++) await reserve(pacer);
  const slot = await reserveSlowly(pacer, 3_600_000_000);
  expect(slot.isDoubtful).toBe(true);
  expect(await pacer.depart('submit', slot, NEVER)).toMatchObject({ slot });
});

it('gives up a slot that passed while the machine was asleep', async () => {
  const pacer = makePacer();
  const slot = await reserve(pacer);
  const missed = await pacer.depart('submit', { ...slot, calendar: slot.calendar - 5_000 }, NEVER);
  expect(missed?.lateMs).toBeGreaterThan(4_900);
});

it('sends although it is always late: it takes slots further ahead, and says so', async () => {
  const told: Lateness[] = [];
  const pacer = makePacer({ onLate: (lateness) => told.push(lateness) });
  async function takeWithLag(): Promise<number> {
    let missed: MissedSlot | undefined;
    for (let slots = 1; ; slots++) {
      const slot = await reserve(pacer, missed);
      await sleep(60);
      missed = await pacer.depart('submit', slot, NEVER);
      if (missed === undefined) return slots;
    }
  }
  expect(await takeWithLag()).toBeLessThan(10);
  told.length = 0;
  for (const _ of ['one', 'two', 'three']) {
    const slot = await reserve(pacer);
    await sleep(100);
    await pacer.depart('submit', slot, NEVER);
  }
  expect(told).toHaveLength(1);
  expect(told[0]?.lateMs).toBeGreaterThan(40);
  expect(told[0]?.horizonMs).toBeGreaterThanOrEqual(20);
});
