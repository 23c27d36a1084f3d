/** Connections that come back. */
import type { Writable } from 'node:stream';
import type { Redis } from 'ioredis';
import { expect, inject, it, onTestFinished } from 'vitest';
import { connectRedis } from '../../src/redis/connect.ts';

function connect() {
  const redis = connectRedis(inject('redisUrl'), { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  return redis;
}

it('a connection that is interrupted while it is being made, as by a Sentinel, comes back', async () => {
  const redis = connect();
  // It is over before anybody who looks now and then would see it.
  const ended = new Promise((resolve) => redis.once('end', resolve));
  redis.disconnect(true);
  await ended;
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

it('a duplicate takes the scripts of the client that it is made from, and runs them', async () => {
  const first = connect();
  const definition = { numberOfKeys: 0, lua: 'return tonumber(ARGV[1]) + 1' };
  first.defineCommand('next', definition);
  const duplicate = (first as Redis).duplicate();
  onTestFinished(() => duplicate.disconnect());
  duplicate.defineCommand('next', { ...definition });
  duplicate.defineCommand('last', { ...definition, lua: 'return tonumber(ARGV[1]) - 1' });
  const own = duplicate as unknown as Record<'next' | 'last', (number: number) => Promise<number>> & {
    scriptsSet: Record<string, unknown>;
  };
  const { scriptsSet } = first as unknown as typeof own;
  expect(own.scriptsSet.next).toBe(scriptsSet.next);
  expect([await own.next(1), await own.next(2), await own.last(3)]).toEqual([2, 3, 2]);
  expect(Object.keys(scriptsSet)).toEqual(['next']);
});

it('commands of one turn leave in one write', async () => {
  const redis = connect() as Redis;
  await redis.ping();
  const stream = redis.stream as unknown as Writable;
  const answers = [redis.echo('first'), redis.echo('second')];
  expect(stream.writableCorked).toBe(1);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect([stream.writableCorked, stream.writableLength]).toEqual([0, 0]);
  expect(await Promise.all(answers)).toEqual(['first', 'second']);
});
