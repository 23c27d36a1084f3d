/** When slots are due, near Redis and far from it, and what becomes of those that are missed. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, it, onTestFinished } from 'vitest';
import { ask } from '../../src/pace/ask.ts';
import { createPacer, type Lateness, type Pacer, type PacerOptions } from '../../src/pace/pacer.ts';
import type { MissedSlot } from '../../src/pace/slot-line.ts';
import type { SlotQuestion } from '../../src/pace/slot-script.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { readRunId } from '../../src/redis/server-facts.ts';
import { redisTime } from '../../src/redis/time.ts';
import { mostInOneSecond } from '../../src/sandbox/simulator/rolling-window.ts';
import { startDistantRedis } from '../support/distant-redis.ts';
import { seedPace } from '../support/pace.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const NEVER = new AbortController().signal;
setMaxListeners(0, NEVER);
/** However slow this machine is, no slot is given further ahead, in microseconds; a clock that is believed is off by hours. */
const AHEAD_MAX = 1_500_000;
const OPTIONS = { rate: 20, guardMs: 2, probeEveryMs: 60_000 };

/** Its pace is under way, so the first slot is due at once. */
async function makePacer(more: Partial<PacerOptions> = {}, redis = connectTestRedis()): Promise<Pacer> {
  const options = { account: uniqueName(), ...OPTIONS, ...more };
  const { account, rate, guardMs } = options;
  await seedPace(connectTestRedis(), 'submit', { account, rate, intervalMs: 1_000 / rate + guardMs });
  return createPacer(redis, options);
}

async function makeFarPacer(roundTripMs: number, more: Partial<PacerOptions> = {}): Promise<Pacer> {
  const far = await startDistantRedis(inject('redisUrl'), { roundTripMs, jitter: 0.3 });
  const redis = connectRedis(far.url, { waitsForever: false });
  onTestFinished(async () => {
    redis.disconnect();
    await far.stop();
  });
  return makePacer(more, redis);
}

const reserve = (pacer: Pacer, missed?: MissedSlot) =>
  pacer.reserve('submit', { signal: NEVER, ask: (question) => ask(pacer.terms, question), missed });

/** The answer comes late, by any machine's measure and later than the slot is due; Redis' clock is set back before it. */
const reserveSlowly = (pacer: Pacer, setBackBy = 0) =>
  pacer.reserve('submit', {
    signal: NEVER,
    async ask(question) {
      const answer = await ask(pacer.terms, question);
      await sleep(1_000);
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

/** From the first to the last, in milliseconds. */
const lasted = (times: readonly number[]) => (times.at(-1) ?? 0) - (times[0] ?? 0);

/** @returns whether it is over by now */
function followed(promise: Promise<unknown>): () => boolean {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  promise.then(end, end);
  return () => isOver;
}

it('keeps the phase: a slot is exactly one interval after the one before it, whenever it was asked for', async () => {
  const pacer = await makePacer();
  const { redis, account } = pacer.terms;
  const knownRunId = await readRunId(redis, accountKeys(account).pace('submit'));
  const question = { step: 'submit', horizonMs: 900, reachMs: 1, missed: undefined, knownRunId } as const;
  const answers = await Promise.all(Array.from({ length: 6 }, () => ask(pacer.terms, question)));
  const dues = answers.map((answer) => ('due' in answer ? answer.due : 0));
  expect(dues.slice(1).map((due, index) => due - (dues[index] ?? 0))).toEqual(Array(5).fill(52_000));
});

it('begins a new phase where nobody asked in time', async () => {
  const pacer = await makePacer();
  const redis = connectTestRedis();
  const key = accountKeys(pacer.terms.account).pace('submit');
  await reserve(pacer);
  const ago = (await redisTime(redis, key)) - 10_000_000;
  await redis.hset(key, 'last', ago);
  const { answer } = await reserve(pacer);
  expect(answer.due).toBeGreaterThanOrEqual(answer.now + 1_000);
});

it('is not stopped by a clock that was set back', async () => {
  const pacer = await makePacer();
  const redis = connectTestRedis();
  const key = accountKeys(pacer.terms.account).pace('submit');
  await reserve(pacer);
  await redis.hset(key, 'last', (await redisTime(redis, key)) + 3_600_000_000);
  const { answer } = await reserve(pacer);
  expect(answer.due - answer.now).toBeLessThan(AHEAD_MAX);
});

it('keeps a pause of the peer no longer for a clock that was set back', async () => {
  const pacer = await makePacer();
  const redis = connectTestRedis();
  const key = accountKeys(pacer.terms.account).pace('submit');
  await reserve(pacer);
  const before = (await redisTime(redis, key)) + 3_600_000_000;
  // The peer asked for 80 ms; an hour later by the old clock.
  await redis.hset(key, { last: before, until: before + 80_000, lastThrottle: before, quietSince: before });
  const { answer } = await reserve(pacer);
  expect(answer.due - answer.now).toBeLessThan(AHEAD_MAX);
  expect(answer.lastThrottle).toBeLessThanOrEqual(answer.now);
  expect(Number(await redis.hget(key, 'until'))).toBeLessThan(answer.now + 100_000);
});

it('lets a probe of an open breaker through whose time was set by a clock that was set back', async () => {
  const pacer = await makePacer();
  const { account, redis, probeEveryMs } = pacer.terms;
  const at = Math.floor((await redisTime(redis, accountKeys(account).breaker)) / 1_000);
  await redis.hset(accountKeys(account).breaker, 'nextProbe', at + probeEveryMs + 600_000);
  expect((await reserve(pacer)).answer.verdict).toBe('probe');
});

it('sends far from Redis too, and nowhere more than the rate', async () => {
  const [near, far] = [await makePacer({ guardMs: 4 }), await makeFarPacer(50, { guardMs: 4 })];
  // At the same time, so whatever else this machine does slows down both.
  const [ofNear, ofFar] = await Promise.all([takeMany(near, 30), takeMany(far, 30)]);
  expect(lasted(ofFar)).toBeLessThan(4 * lasted(ofNear));
  expect(mostInOneSecond(ofFar)).toBeLessThanOrEqual(20);
});

it('has several takes under way where slots are closer together than a round trip', async () => {
  const dense = { rate: 100, guardMs: 1 };
  const [pacer, alone] = [await makeFarPacer(50, dense), await makeFarPacer(50, dense)];
  const all = takeMany(pacer, 60);
  let inTurn = 0;
  for (const isOver = followed(all); !isOver(); inTurn++) await alone.take('submit', NEVER);
  await all;
  expect(inTurn).toBeLessThan(60 / 2);
});

it('gives up a slot that is past, and moves it where nobody has a later one', async () => {
  let late = 0;
  const pacer = await makePacer({ clock: () => performance.now() + late });
  const slot = await reserve(pacer);
  late = 60;
  let missed = await pacer.depart('submit', slot, NEVER);
  expect(missed?.lateMs).toBeGreaterThan(25);
  late = 0;
  // A machine with much to do may be late again, and then it is moved again.
  while (missed) missed = await pacer.depart('submit', await reserve(pacer, missed), NEVER);
  expect((await pacer.read('submit')).granted).toBe(1);
});

it('takes a later slot where the next one has gone to somebody else', async () => {
  let late = 0;
  const pacer = await makePacer({ clock: () => performance.now() + late });
  const slot = await reserve(pacer);
  const next = await reserve(pacer);
  late = 200;
  const missed = await pacer.depart('submit', slot, NEVER);
  const again = await reserve(pacer, missed);
  expect(again.answer.due).toBeGreaterThanOrEqual(next.answer.due + 52_000);
});

it('believes what it knows of the clock of Redis more than one slow answer', async () => {
  const pacer = await makePacer();
  await reserve(pacer);
  const slot = await reserveSlowly(pacer);
  expect(slot.isDoubtful).toBe(false);
  expect(slot.dueAt - performance.now()).toBeLessThan(0);
});

it('does not use a slot whose time it does not know: a slow answer after the clock of Redis was set', async () => {
  const pacer = await makePacer();
  for (let count = 0; count < 3; count++) await reserve(pacer);
  const slot = await reserveSlowly(pacer, 3_600_000_000);
  expect(slot.isDoubtful).toBe(true);
  expect(await pacer.depart('submit', slot, NEVER)).toMatchObject({ slot });
});

it('gives up a slot that comes when the clock of Redis was set ahead, and waits for a full window', async () => {
  const pacer = await makePacer();
  for (let count = 0; count < 3; count++) await reserve(pacer);
  const ask400Ahead = async (question: SlotQuestion) => {
    const answer = await ask(pacer.terms, question);
    return 'due' in answer ? { ...answer, due: answer.due + 400_000, now: answer.now + 400_000 } : answer;
  };
  const begun = performance.now();
  const slot = await pacer.reserve('submit', { signal: NEVER, ask: ask400Ahead });
  const missed = await pacer.depart('submit', slot, NEVER);
  expect(missed).toMatchObject({ slot });
  await reserve(pacer, missed);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(999);
});

it('gives up a slot that passed while the machine was asleep', async () => {
  const pacer = await makePacer();
  const slot = await reserve(pacer);
  const missed = await pacer.depart('submit', { ...slot, calendar: slot.calendar - 5_000 }, NEVER);
  expect(missed?.lateMs).toBeGreaterThan(4_900);
});

it('sends although it is always late: it takes slots further ahead, and says so', async () => {
  const told: Lateness[] = [];
  const pacer = await makePacer({ onLate: (lateness) => told.push(lateness) });
  // Slots that are no further ahead are missed for ever; how many it takes depends on the machine.
  for (let missed: MissedSlot | undefined, isSent = false; !isSent; isSent = missed === undefined) {
    const slot = await reserve(pacer, missed);
    await sleep(60);
    missed = await pacer.depart('submit', slot, NEVER);
  }
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

it('lets no more leave in a second than the rate, whenever their slots seem to be due', async () => {
  const pacer = await makePacer();
  const slot = await reserve(pacer);
  const leave = () => pacer.depart('submit', { ...slot, dueAt: performance.now() }, NEVER);
  for (let call = 0; call < OPTIONS.rate; call++) expect(await leave()).toBeUndefined();
  // The place of the first is free again a second later, when this slot is long over.
  expect((await leave())?.lateMs).toBeGreaterThan(500);
  expect(await leave()).toBeUndefined();
});
