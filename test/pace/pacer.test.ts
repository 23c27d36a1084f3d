import { once } from 'node:events';
import { expect, inject, it, onTestFinished } from 'vitest';
import { ask as askForSlot } from '../../src/pace/ask.ts';
import { createPacer, type Pacer } from '../../src/pace/pacer.ts';
import type { SlotQuestion } from '../../src/pace/slot-script.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { accountKeys, type StepName } from '../../src/redis/keys.ts';
import { redisTime } from '../../src/redis/time.ts';
import { mostInOneSecond } from '../../src/sandbox/simulator/rolling-window.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const NEVER = new AbortController().signal;

/** Pacers of one account as separate processes would have them: each with a connection of its own. */
function makePacers(count: number, { rate = 20, guardMs = 2 } = {}) {
  const account = uniqueName();
  const pacers = Array.from({ length: count }, () =>
    createPacer(connectTestRedis(), { account, rate, guardMs, probeEveryMs: 60_000 }),
  );
  return { account, pacers, first: pacers[0] as Pacer };
}

async function takeAll(pacers: readonly Pacer[], step: StepName, each: number): Promise<number[]> {
  const grants: number[] = [];
  const one = async (pacer: Pacer) => {
    for (let count = 0; count < each; count++) {
      await pacer.take(step, NEVER);
      grants.push(performance.now());
    }
  };
  await Promise.all(pacers.map(one));
  return grants.sort((a, b) => a - b);
}

it('spaces the grants of several processes an interval apart on the clock of Redis', async () => {
  const { pacers } = makePacers(3);
  const dues: number[] = [];
  const one = async (pacer: Pacer) => {
    const ask = async (question: SlotQuestion) => {
      const answer = await askForSlot(pacer.terms, question);
      if ('due' in answer) dues.push(answer.due);
      return answer;
    };
    for (let count = 0; count < 8; count++) await pacer.reserve('upload', { signal: NEVER, ask });
  };
  await Promise.all(pacers.map(one));
  dues.sort((a, b) => a - b);
  for (const [index, due] of dues.entries())
    if (index > 0) expect(due - (dues[index - 1] as number)).toBeGreaterThanOrEqual(52_000);
  expect(dues).toHaveLength(24);
});

it('waits a full window before the first call of an account, because nothing is known of earlier ones', async () => {
  const { first } = makePacers(1);
  const begun = performance.now();
  await first.take('submit', NEVER);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(999);
});

it('waits a full window in a process that starts, because Redis may have forgotten the last calls', async () => {
  const { pacers, first } = makePacers(2);
  await first.take('submit', NEVER);
  await first.take('submit', NEVER);
  const begun = performance.now();
  await pacers[1]?.take('submit', NEVER);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(999);
});

it('never exceeds the rate after an idle time or after the state was lost', async () => {
  const { account, pacers } = makePacers(2, { rate: 20, guardMs: 5 });
  const before = await takeAll(pacers, 'submit', 6);
  await connectTestRedis().del(accountKeys(account).pace('submit'));
  const after = await takeAll(pacers, 'submit', 6);
  expect(mostInOneSecond([...before, ...after])).toBeLessThanOrEqual(20);
});

it('holds the operation of a throttled call and no other, for every process', async () => {
  const { pacers, first } = makePacers(2);
  await takeAll(pacers, 'submit', 1);
  await takeAll(pacers, 'upload', 1);
  await first.throttled('submit', 20_000);
  const [, second] = pacers;
  await expect(second?.take('submit', NEVER)).rejects.toMatchObject({ name: 'NotNow', reason: 'throttled' });
  await second?.take('upload', NEVER);
  const pace = await first.read('submit');
  expect(pace).toMatchObject({ intervalMs: 54, throttled: 1 });
});

it('lets one probe and then nothing pass an open breaker', async () => {
  const { account, pacers } = makePacers(2);
  await takeAll(pacers, 'submit', 1);
  const redis = connectTestRedis();
  const now = (await redisTime(redis, accountKeys(account).breaker)) / 1000;
  await redis.hset(accountKeys(account).breaker, { code: 'X', since: now, nextProbe: Math.floor(now) });
  const answers = await Promise.allSettled(
    [...pacers, ...pacers].map((pacer) => pacer.take('submit', NEVER)),
  );
  const granted = answers.filter((answer) => answer.status === 'fulfilled');
  expect(granted.map(({ value }) => value.isProbe)).toEqual([true]);
});

it('uses the probe of an open breaker although it comes late, since no other follows for minutes', async () => {
  const [account, redis] = [uniqueName(), connectTestRedis()];
  let late = 0;
  const clock = () => performance.now() + late;
  const pacer = createPacer(redis, { account, rate: 20, guardMs: 2, probeEveryMs: 60_000, clock });
  await pacer.take('submit', NEVER);
  const { breaker } = accountKeys(account);
  const now = (await redisTime(redis, breaker)) / 1000;
  await redis.hset(breaker, { code: 'X', since: now, nextProbe: Math.floor(now) });
  const ask = (question: SlotQuestion) => askForSlot(pacer.terms, question);
  const slot = await pacer.reserve('submit', { signal: NEVER, ask });
  late = 100;
  expect(slot.answer.verdict).toBe('probe');
  expect(await pacer.depart('submit', slot, NEVER)).toBeUndefined();
});

it('takes another interval at once when an account is given another rate', async () => {
  const { account, first } = makePacers(1);
  await first.take('submit', NEVER);
  const faster = createPacer(connectTestRedis(), { account, rate: 50, guardMs: 1, probeEveryMs: 60_000 });
  await faster.take('submit', NEVER);
  expect((await faster.read('submit')).intervalMs).toBe(21);
});

it('ends an aborted wait at once with the reason', async () => {
  const { first } = makePacers(1);
  const stopping = new AbortController();
  const taking = first.take('submit', stopping.signal);
  stopping.abort();
  await expect(taking).rejects.toMatchObject({ name: 'AbortError' });
});

it('holds calls back for a full window after a lost connection', async () => {
  const redis = connectRedis(inject('redisUrl'), { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  const pacer = createPacer(redis, { account: uniqueName(), rate: 20, guardMs: 2, probeEveryMs: 60_000 });
  await pacer.take('submit', NEVER);
  const isLost = once(redis, 'close');
  redis.disconnect(true);
  // What was asked before may still be answered by the same server, which has forgotten nothing.
  await isLost;
  const begun = performance.now();
  await pacer.take('submit', NEVER);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(999);
});

it('the slowest interval is that of the start before the first call, and the wider one afterwards', async () => {
  const { first } = makePacers(1);
  expect(await first.slowestIntervalMs()).toBe(52);
  await first.take('submit', NEVER);
  await first.throttled('submit', 1);
  expect(await first.slowestIntervalMs()).toBe(54);
  expect(await first.readAll()).toEqual([
    { step: 'upload', intervalMs: undefined, throttled: 0, granted: 0 },
    { step: 'submit', intervalMs: 54, throttled: 1, granted: 1 },
  ]);
});
