/** A pause by a person and a hold are told apart, each with its own time. */
import { expect, it } from 'vitest';
import { createPause } from '../../src/pace/pause.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { redisTime } from '../../src/redis/time.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const MICROSECONDS_PER_MS = 1_000;

it('says of a hold since when it lasts, however long a person has paused, and keeps that pause', async () => {
  const [redis, account] = [connectTestRedis(), uniqueName()];
  const pause = createPause(redis, account);
  const passes = async (at: number) => {
    const now = async () => (await redisTime(redis, accountKeys(account).paused)) / MICROSECONDS_PER_MS;
    await expect.poll(now).toBeGreaterThan(at + 1);
  };
  await pause.set('ops');
  const paused = await pause.read();
  await passes(paused?.at ?? 0);
  await pause.hold('worker', 'LEDGER_WENT_BACK');
  const held = await pause.read();
  expect(held).toMatchObject({ by: 'ops', why: 'LEDGER_WENT_BACK' });
  expect(held?.at).toBeGreaterThan(paused?.at ?? 0);
  await passes(held?.at ?? 0);
  await pause.hold('another worker', 'LEDGER_WENT_BACK');
  expect(await pause.read()).toEqual(held);
  await pause.release();
  expect(await pause.read()).toEqual(paused);
});
