import type { FastifyInstance } from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { answering } from '../../../src/http/koogallery/serve.ts';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { Receiver } from '../../../src/koogallery/receiver/receiver.ts';
import { createLogger } from '../../../src/logger.ts';
import { Durable } from '../../../src/redis/durable.ts';
import { makeChannelsFile } from '../../support/koogallery/channels-file.ts';
import { KEY, makeOpenChannel, read, signGet } from '../../support/koogallery/marketplace.ts';
import { makeApp } from '../../support/pages.ts';
import { connectTestRedis } from '../../support/redis.ts';
import { createWorld } from '../../support/world.ts';

const CHANNEL = { generation: 'saas-v1' } as const;

it('answers a long URL and a path that is none, signed and written down', async () => {
  const [channel, redis] = [makeOpenChannel(CHANNEL), connectTestRedis()];
  const [logger, durable] = [createLogger('silent'), new Durable(redis)];
  onTestFinished(() => durable.close());
  const receiver = new Receiver({
    ...{ channel, redis, durable, durability: 'relaxed', logger },
    ...{ now: Date.now, usageOf: async () => [] },
  });
  const app = await answering({ receivers: [receiver], basePath: '' }, logger);
  onTestFinished(() => app.close());
  await expectSigned(app, channel.slug);
  expect(await redis.xlen(channelKeys(channel.slug).strangers)).toBe(1);
});

it('does the same beside the pages, and leaves theirs as they are', async () => {
  const channel = makeOpenChannel(CHANNEL);
  const world = await createWorld({ environment: await makeChannelsFile(channel) });
  const app = await makeApp(world);
  const address = await expectSigned(app, channel.slug);
  expect((await fetch(`${address}/%zz`)).status).toBe(400);
  expect(await world.redis.xlen(channelKeys(channel.slug).strangers)).toBe(1);
});

/** @returns where it listens */
async function expectSigned(app: FastifyInstance, slug: string): Promise<string> {
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const ask = async (rest: string) => {
    const response = await fetch(`${address}/koogallery/${slug}${rest}`);
    const { status: statusCode, headers } = response;
    return read({ statusCode, headers: Object.fromEntries(headers), body: await response.text() });
  };
  const create = { activity: 'newInstance', customerId: 'c', orderId: 'o', productId: 'p', businessId: 'b' };
  const long = signGet({ ...create, saasExtendParams: 'A'.repeat(40_000) }, KEY);
  expect((await ask(`?${long}`)).code).toBe('000000');
  expect((await ask('/%zz')).code).toBe('000002');
  return address;
}
