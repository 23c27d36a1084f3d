/** A pause by a person and a hold are told apart, each with its own time. */
import { expect, it } from 'vitest';
import { createPause } from '../../src/pace/pause.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { redisTime } from '../../src/redis/time.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const MICROSECONDS_PER_MS = 1_000;

it('says of a hold since when it lasts, however long a person has paused, and keeps that pause', async () => {
  const [redis, account] = [connectTestRedis(), uniqueName()];
  const pause = createPause(redis, account, []);
  const passes = async (at: number) => {
    const now = async () => (await redisTime(redis, accountKeys(account).paused)) / MICROSECONDS_PER_MS;
    await expect.poll(now).toBeGreaterThan(at + 1);
  };
  await pause.set('ops');
  const paused = await pause.read();
  await passes(paused?.at ?? 0);
  await pause.hold('worker', 7);
  const held = await pause.read();
  expect(held).toMatchObject({ by: 'ops', why: 'LEDGER_WENT_BACK' });
  expect(held?.at).toBeGreaterThan(paused?.at ?? 0);
  await passes(held?.at ?? 0);
  await pause.hold('another worker', 9);
  expect(await pause.read()).toEqual(held);
  await pause.release(await pause.beginRecovery('ops'));
  expect(await pause.read()).toEqual(paused);
});

it('is held on by whoever held it last: a second restore, or a second recovery, while the first one ends', async () => {
  const [redis, account] = [connectTestRedis(), uniqueName()];
  const pause = createPause(redis, account, []);
  const first = await pause.beginRecovery('ops');
  const second = await pause.beginRecovery('another');
  expect(await pause.release(first)).toBe('hold');
  expect(await pause.read()).toMatchObject({ why: 'RECOVERING' });
  await pause.hold('worker', second.raisedTo + 7);
  expect(await pause.release(second)).toBe('hold');
  expect(await pause.read()).toMatchObject({ why: 'LEDGER_WENT_BACK' });
  const third = await pause.beginRecovery('ops');
  expect(third.raisedTo).toBeGreaterThan(second.raisedTo + 7);
  expect(await pause.release(third)).toBe('nothing');
  expect(await pause.read()).toBeUndefined();
  // The one before ends later: what it marked is marked, and nothing is held any more.
  expect(await pause.release(second)).toBe('nothing');
});

it('says after a recovery who has paused it: a person, and not the worker that held it before', async () => {
  const [redis, account] = [connectTestRedis(), uniqueName()];
  const pause = createPause(redis, account, []);
  await pause.hold('worker', 7);
  await pause.set('ops');
  expect(await pause.read()).toMatchObject({ by: 'worker', why: 'LEDGER_WENT_BACK' });
  expect(await pause.release(await pause.beginRecovery('another'))).toBe('pause');
  expect(await pause.read()).toMatchObject({ by: 'ops', why: undefined });
});
