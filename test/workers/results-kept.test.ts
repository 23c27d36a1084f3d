/** Results that are written again where Redis may have forgotten them. */
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { createLogger } from '../../src/logger.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { ResultsKept } from '../../workers/results-kept.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

const KEY = '{t}:any';

async function keepOnServer({ keptMs = 60_000, confirm = async () => undefined as unknown } = {}) {
  const { url, server } = await startSingleRedis(['--appendonly', 'no']);
  const redis = connectRedis(url, { waitsForever: true });
  const results = new ResultsKept(redis, {
    key: KEY,
    logger: createLogger('silent'),
    keptMs,
    confirm,
    lookEveryMs: 20,
  });
  onTestFinished(() => {
    results.stop();
    redis.disconnect();
  });
  await redis.ping();
  await results.start();
  return { redis, server, results };
}

describe.skipIf(!inject('hasRedisServer'))('a result', () => {
  it('that could not be written is written later, by the same server', async () => {
    const { redis, results } = await keepOnServer();
    let isFull = true;
    results.keep(async () => {
      if (isFull) throw new Error('OOM');
      await redis.set(KEY, 'late');
    });
    isFull = false;
    await expect.poll(() => redis.get(KEY)).toBe('late');
  });
});

describe.skipIf(!inject('hasRedisServer'))('a result that was written', () => {
  it('is written again, once, to a server that was restarted and has forgotten it', async () => {
    const { redis, server, results } = await keepOnServer();
    const write = () => redis.hincrby(KEY, 'written', 1);
    const refused = () => Promise.reject(new AppError('TRANSITION_REFUSED', 'It is already there.'));
    results.keep(refused);
    const isWritten = results.keep(write);
    await write();
    isWritten();
    await server.kill();
    server.restart();
    await expect.poll(() => redis.hget(KEY, 'written')).toBe('1');
    // A connection that is merely lost is no other server.
    redis.disconnect(true);
    await redis.ping();
    await redis.ping();
    expect(await redis.hget(KEY, 'written')).toBe('1');
  });

  it('is written again until a server takes it', async () => {
    const { redis, server, results } = await keepOnServer();
    let tries = 0;
    results.keep(async () => {
      tries += 1;
      if (tries < 3) throw new Error('READONLY');
    });
    await server.kill();
    server.restart();
    await redis.ping();
    await expect.poll(() => tries).toBe(3);
  });

  it('is given up after its time', async () => {
    const { redis, server, results } = await keepOnServer({ keptMs: 0 });
    results.keep(() => redis.set(KEY, 'late'));
    await server.kill();
    server.restart();
    await redis.ping();
    expect(await redis.exists(KEY)).toBe(0);
  });

  it('is kept for as long as a server that takes over may lack it', async () => {
    let looks = 0;
    const confirm = () => {
      looks += 1;
      return Promise.reject(new Error('no replica has it'));
    };
    const { redis, server, results } = await keepOnServer({ keptMs: 0, confirm });
    const write = () => redis.hincrby(KEY, 'written', 1);
    const isWritten = results.keep(write);
    await write();
    isWritten();
    await expect.poll(() => looks).toBeGreaterThan(2);
    await server.kill();
    server.restart();
    await expect.poll(() => redis.hget(KEY, 'written')).toBe('1');
  });
});
