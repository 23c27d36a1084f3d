import { expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { createBreaker } from '../../src/pace/breaker.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const REFUSAL = new AppError('PEER_REFUSED', 'The account is not subscribed.', {
  class: 'account',
  peerCode: 'Product.Unsubscript',
  hint: 'Subscribe to it.',
});

function makeBreaker(onClosed?: () => Promise<void>) {
  return createBreaker(connectTestRedis(), { account: uniqueName(), probeEveryMs: 60_000, onClosed });
}

it('an open breaker tells why, since when, and when it is probed next', async () => {
  const breaker = makeBreaker();
  expect(await breaker.read()).toBeUndefined();
  await breaker.open(REFUSAL);
  const first = await breaker.read();
  expect(first).toMatchObject({
    code: 'Product.Unsubscript',
    message: REFUSAL.message,
    hint: 'Subscribe to it.',
  });
  expect((first?.nextProbe ?? 0) - (first?.since ?? 0)).toBe(60_000);
  await breaker.open(REFUSAL, 0);
  expect((await breaker.read())?.since).toBe(first?.since);
});

it('closing an open breaker waits for what follows, and only the first closes it', async () => {
  const followed: string[] = [];
  const breaker = makeBreaker(async () => {
    followed.push('begun');
    expect(await breaker.read()).toBeUndefined();
    followed.push('done');
  });
  await breaker.open(REFUSAL);
  expect(await breaker.close()).toBe(true);
  expect(followed).toEqual(['begun', 'done']);
  expect(await breaker.close()).toBe(false);
  expect(followed).toHaveLength(2);
});
