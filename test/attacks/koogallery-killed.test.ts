/**
 * The marketplace calls at a steady rate and does not give up, two receivers answer, and everything is killed under it: what
 * was acknowledged is in the registry in the end, once. `npm run bench -- koogallery` has the same, larger.
 */
import { expect, it, onTestFinished } from 'vitest';
import { compareKept } from '../../scripts/bench/koogallery-kept.ts';
import { PersistentCaller } from '../../scripts/bench/koogallery-orders.ts';
import { channelKeys } from '../../src/koogallery/keys.ts';
import type { ChannelAccess } from '../../src/koogallery/registry/scripts.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { makeChannelsFile } from '../support/koogallery/channels-file.ts';
import { KEY, makeOpenChannel } from '../support/koogallery/marketplace.ts';
import { startProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

const POLL = { interval: 20 };
const PER_SECOND = 100;

async function startReceivers(redisUrl: string) {
  const channel = makeOpenChannel();
  const variables = await makeChannelsFile(channel);
  const serve = async (port: number) => {
    const own = { ...variables, HTTP_PORT: String(port), REDIS_URL: redisUrl, LOG_LEVEL: 'fatal' };
    const program = startProgram({ environment: {} }, ['koogallery', 'serve'], own);
    await program.says('/koogallery/', 'stdout');
    return program;
  };
  const ports = [await freePort(), await freePort()] as const;
  const programs = await Promise.all(ports.map(serve));
  const urls = ports.map((port) => `http://127.0.0.1:${port}/koogallery/${channel.slug}`);
  return { slug: channel.slug, urls, ports, programs, serve };
}

/** The comparison finds one task that is gone, and one instance that nobody was told of. */
async function expectSharp(access: ChannelAccess, { orders }: PersistentCaller): Promise<void> {
  const { tasks, instances } = channelKeys(access.slug);
  const [id = ''] = orders[0]?.ids ?? [];
  await access.redis.hdel(tasks(id), '1');
  await access.redis.zadd(instances, 1, 'nobody');
  expect(await compareKept(access, orders)).toMatchObject({ lost: 1, doubled: 1 });
}

it('has what it acknowledged, once, after receivers and Redis were killed under steady calls', async () => {
  const { url, server } = await startSingleRedis();
  const { slug, urls, ports, programs, serve } = await startReceivers(url);
  const caller = new PersistentCaller({ urls, key: KEY, perSecond: PER_SECOND, retryMs: 100 });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const running = caller.run(stop.signal);
  const goesOn = (changes: number) => {
    const from = caller.acknowledged;
    return expect.poll(() => caller.acknowledged - from, POLL).toBeGreaterThan(changes);
  };
  await goesOn(200);
  for (const [index, port] of ports.entries()) {
    await programs[index]?.kill();
    await goesOn(20);
    await serve(port);
    await goesOn(100);
  }
  await server.kill();
  await expect.poll(() => caller.codes['000005'] ?? 0, POLL).toBeGreaterThan(50);
  server.restart();
  await goesOn(400);
  stop.abort();
  await running;

  const redis = connectRedis(url, { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  const kept = await compareKept({ redis, slug }, caller.orders);
  expect(kept).toMatchObject({ faults: [], lost: 0, doubled: 0, tasks: caller.acknowledged });
  expect(kept.instances).toBe(caller.orders.length);
  await expectSharp({ redis, slug }, caller);
  expect(Object.keys(caller.codes).sort()).toEqual(['000000', '000004', '000005', 'none']);
});
