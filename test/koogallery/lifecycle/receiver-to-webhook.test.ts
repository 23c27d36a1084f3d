/** From the signed call to the answer of the next one, through BullMQ. */
import { expect, inject, it, onTestFinished } from 'vitest';
import { Nudger } from '../../../src/koogallery/lifecycle/nudger.ts';
import { createLogger } from '../../../src/logger.ts';
import { connectRedis } from '../../../src/redis/connect.ts';
import { ChannelWorker } from '../../../workers/koogallery/channel-worker.ts';
import { openMarketplace } from '../../support/koogallery/marketplace.ts';
import { answerJson, SECRET, startWebhook, workOf } from '../../support/koogallery/webhook.ts';

it('makes one provisioning call of 50 identical newInstance, and answers with what the webhook said', async () => {
  // As workers have it: it waits for as long as Redis is away.
  const redis = connectRedis(inject('redisUrl'), { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  const webhook = await startWebhook(
    answerJson(200, { frontEndUrl: 'https://made.example.com', userName: 'u' }),
  );
  const nudger = new Nudger(redis);
  const provision = { kind: 'webhook', url: webhook.url, secret: SECRET } as const;
  const { post, access, channel } = await openMarketplace({
    redis,
    channel: { provision },
    options: { nudge: nudger.nudge },
  });
  const worker = new ChannelWorker({
    ...{ access, work: workOf(access, { channel }), concurrency: 10, logger: createLogger('silent') },
    // Only the nudge makes it look.
    sweepMs: 3_600_000,
  });
  onTestFinished(() => worker.stop());
  worker.start();
  const create = { activity: 'newInstance', orderId: 'o', orderLineId: 'l' };
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => post({ ...create, businessId: `business-${index}` })),
  );
  const [id, ...others] = [...new Set(answers.map(({ json }) => json.instanceId))];
  expect(others).toEqual([]);
  const query = () => post({ activity: 'queryInstance', instanceId: id });
  await expect.poll(async () => (await query()).code, { interval: 10 }).toBe('000000');
  expect(webhook.calls.map(({ key }) => key)).toEqual([`${id}:1`]);
  const { json } = await query();
  expect(json.info).toMatchObject([
    { instanceId: id, appInfo: { frontEndUrl: 'https://made.example.com', userName: 'u' } },
  ]);
  expect((await post({ ...create, businessId: 'later' })).json).toMatchObject({
    ...{ resultCode: '000000', instanceId: id },
  });
});
