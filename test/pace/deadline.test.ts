/** How long a job was tried: times in which nothing could be sent do not count. */
import { expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { createBreaker } from '../../src/pace/breaker.ts';
import { Deadline } from '../../src/pace/deadline.ts';
import { Heartbeats, WORKING } from '../../src/pace/heartbeats.ts';
import { createPause } from '../../src/pace/pause.ts';
import { measureOutside, parseSpan } from '../../src/pace/standstill.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

it.each([
  ['nothing', [], 100],
  ['a part', [[20, 50]], 70],
  [
    'parts that overlap',
    [
      [20, 50],
      [40, 60],
      [45, 50],
    ],
    60,
  ],
  [
    'parts in any order that reach beyond',
    [
      [90, 200],
      [-50, 10],
    ],
    80,
  ],
  ['all of it', [[-1, 101]], 0],
] as const)('leaves out %s', (_name, parts, expected) => {
  const spans = parts.map(([from, to]) => ({ from, to }));
  expect(measureOutside({ from: 0, to: 100 }, spans)).toBe(expected);
});

it('reads a span as stored in Redis', () => {
  expect(parseSpan('5-17')).toEqual({ from: 5, to: 17 });
});

const HOUR_MS = 3_600_000;

function makeDeadline() {
  const account = uniqueName();
  const redis = connectTestRedis();
  const keys = accountKeys(account);
  /** Pretends that the first run was this long ago. */
  const setBack = (ms: number) => redis.zincrby(keys.firstRuns, -ms, 'up-x-1');
  return {
    account,
    redis,
    keys,
    setBack,
    deadline: new Deadline(redis, account),
    pause: createPause(redis, account, []),
  };
}

it('counts from the first run that was noted, and forgets a job that is done', async () => {
  const { deadline, setBack } = makeDeadline();
  expect(await deadline.triedFor('up-x-1')).toBe(0);
  await deadline.begin('up-x-1');
  await setBack(60_000);
  await deadline.begin('up-x-1');
  expect(await deadline.triedFor('up-x-1')).toBeGreaterThanOrEqual(60_000);
  await deadline.forget('up-x-1');
  expect(await deadline.triedFor('up-x-1')).toBe(0);
});

it.each(['breaker', 'pause'] as const)('stops during a %s, open or over', async (kind) => {
  const { account, redis, keys, deadline, pause, setBack } = makeDeadline();
  const breaker = createBreaker(redis, { account, probeEveryMs: 60_000 });
  await deadline.begin('up-x-1');
  await setBack(60_000);
  const begun = Date.now() - 50_000;
  if (kind === 'pause') await redis.hset(keys.paused, { at: begun, by: 'a test' });
  else {
    await breaker.open(new AppError('PEER_REFUSED', 'no', { class: 'account' }));
    await redis.hset(keys.breaker, 'since', begun);
  }
  // The ten seconds before it, plus what the test takes.
  const isShort = (ms: number) => ms >= 9_000 && ms < 40_000;
  expect(isShort(await deadline.triedFor('up-x-1'))).toBe(true);
  if (kind === 'pause') await pause.clear();
  else await breaker.close();
  expect(isShort(await deadline.triedFor('up-x-1'))).toBe(true);
});

it('a pause begun twice counts once, from the first time', async () => {
  const { redis, keys, pause } = makeDeadline();
  await pause.set('a test');
  const since = await redis.hget(keys.paused, 'at');
  await pause.set('a test');
  expect(await redis.hget(keys.paused, 'at')).toBe(since);
  await pause.clear();
  await pause.clear();
  expect(await redis.zcard(keys.standstills)).toBe(1);
});

// A row that asks while the breaker closes must find either the open breaker or the time that it was open.
it.each(['breaker', 'pause'] as const)(
  'at no moment counts the time of a %s that is just ending',
  async (kind) => {
    const { account, redis, keys, deadline, pause, setBack } = makeDeadline();
    const breaker = createBreaker(redis, { account, probeEveryMs: 60_000 });
    const others = Array.from({ length: 8 }, () => new Deadline(connectTestRedis(), account));
    await deadline.begin('up-x-1');
    await setBack(HOUR_MS);
    for (let round = 0; round < 30; round++) {
      await redis.del(keys.standstills);
      const begun = Date.now() - HOUR_MS;
      if (kind === 'pause') await redis.hset(keys.paused, { at: begun, by: 'a test' });
      else await redis.hset(keys.breaker, { code: 'x', since: begun });
      let hasEnded = false;
      const asking = others.map(async (other) => {
        while (!hasEnded) expect(await other.triedFor('up-x-1')).toBeLessThan(HOUR_MS / 2);
      });
      await (kind === 'pause' ? pause.clear() : breaker.close());
      hasEnded = true;
      await Promise.all(asking);
    }
  },
);

it('does not count the time in which no worker was there', async () => {
  const { account, redis, keys, deadline, setBack } = makeDeadline();
  const worker = new Heartbeats(redis, { account, version: 'test' });
  await worker.beat(WORKING);
  await deadline.begin('up-x-1');
  setBack(2 * HOUR_MS);
  await worker.leave();
  await redis.incrby(keys.workersLastSeen, -HOUR_MS);
  const another = new Heartbeats(redis, { account, version: 'test' });
  await another.beat(WORKING);
  await another.beat(WORKING);
  expect(Math.round((await deadline.triedFor('up-x-1')) / HOUR_MS)).toBe(1);
  expect(await redis.zcard(keys.standstills)).toBe(1);
});
