/** Connections that come back. */
import { expect, inject, it, onTestFinished } from 'vitest';
import { connectRedis } from '../../src/redis/connect.ts';

function connect() {
  const redis = connectRedis(inject('redisUrl'), { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  return redis;
}

it('a connection that is interrupted while it is being made, as by a Sentinel, comes back', async () => {
  const redis = connect();
  redis.disconnect(true);
  await expect.poll(() => redis.status, { interval: 5 }).toBe('end');
  await expect.poll(() => redis.status).toBe('ready');
  expect(await redis.ping()).toBe('PONG');
});

it('a connection that was closed on purpose stays closed', async () => {
  const [closed, quit, early] = [connect(), connect(), connect()];
  early.disconnect();
  await Promise.all([closed.ping(), quit.ping()]);
  closed.disconnect();
  await quit.quit();
  const other = connect();
  other.disconnect(true);
  // By then, the others would have come back too.
  await expect.poll(() => other.status).toBe('ready');
  expect([closed, quit, early].map(({ status }) => status)).toEqual(['end', 'end', 'end']);
});
