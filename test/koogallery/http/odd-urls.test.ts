import { expect, it, onTestFinished } from 'vitest';
import { answering } from '../../../src/http/koogallery/serve.ts';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { Receiver } from '../../../src/koogallery/receiver/receiver.ts';
import { createLogger } from '../../../src/logger.ts';
import { Durable } from '../../../src/redis/durable.ts';
import { KEY, makeOpenChannel, read, signGet } from '../../support/koogallery/marketplace.ts';
import { connectTestRedis } from '../../support/redis.ts';

it('answers a long URL and a path that is none, signed and written down', async () => {
  const [channel, redis] = [makeOpenChannel({ generation: 'saas-v1' }), connectTestRedis()];
  const [logger, durable] = [createLogger('silent'), new Durable(redis)];
  onTestFinished(() => durable.close());
  const receiver = new Receiver({
    ...{ channel, redis, durable, durability: 'relaxed', logger },
    ...{ now: Date.now, usageOf: async () => [] },
  });
  const app = await answering({ receivers: [receiver], basePath: '' }, logger);
  onTestFinished(() => app.close());
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const ask = async (rest: string) => {
    const response = await fetch(`${address}/koogallery/${channel.slug}${rest}`);
    const { status: statusCode, headers } = response;
    return read({ statusCode, headers: Object.fromEntries(headers), body: await response.text() });
  };
  const create = { activity: 'newInstance', customerId: 'c', orderId: 'o', productId: 'p', businessId: 'b' };
  const long = signGet({ ...create, saasExtendParams: 'A'.repeat(40_000) }, KEY);
  expect((await ask(`?${long}`)).code).toBe('000000');
  expect((await ask('/%zz')).code).toBe('000002');
  expect(await redis.xlen(channelKeys(channel.slug).strangers)).toBe(1);
});
