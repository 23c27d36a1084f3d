/** Workers that do the tasks of KooGallery, in processes of their own, and a webhook that does not make it easy. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openChannels } from '../../src/koogallery/channels.ts';
import { Nudger } from '../../src/koogallery/lifecycle/nudger.ts';
import { openAccess } from '../../src/koogallery/registry/access.ts';
import { readInstance, readTasks } from '../../src/koogallery/registry/read-instance.ts';
import { sealOf } from '../../src/koogallery/seal.ts';
import { readSettings } from '../../src/onboarding/config.ts';
import { creation, doChange, wish } from '../support/koogallery/registry.ts';
import {
  answerJson,
  expectSigned,
  SECRET,
  startWebhook,
  type WebhookAnswer,
} from '../support/koogallery/webhook.ts';
import { startWorkerProgram } from '../support/programs.ts';
import { uniqueName } from '../support/redis.ts';
import { startSingleRedis } from '../support/redis-servers.ts';
import { createWorld } from '../support/world.ts';

const KEYS = { SHOP_KEY: 'key of the shop', SHOP_SECRET: SECRET };
const POLL = { interval: 50 };

/** A world with one channel, whose webhook is here. */
async function createShop(answer?: WebhookAnswer, redisUrl?: string) {
  const webhook = await startWebhook(answer);
  const world = await createWorld(redisUrl === undefined ? {} : { redisUrl });
  const slug = uniqueName();
  const file = join(world.folder, 'channels.json');
  const channel = {
    ...{ slug, generation: 'saas-v2', site: 'cn', key: { env: 'SHOP_KEY' }, chargingModes: ['period'] },
    frontEndUrl: 'https://app.example.com/{instanceId}',
    provision: { webhook: webhook.url, secret: { env: 'SHOP_SECRET' } },
  };
  await writeFile(file, JSON.stringify([channel]));
  const environment = { ...world.environment, ...KEYS, ONBOARD_KOOGALLERY: file };
  const [opened] = openChannels(readSettings(environment), environment);
  if (opened === undefined) throw new Error('no channel');
  const access = { redis: world.redis, slug };
  return { world: { ...world, environment }, webhook, access, channel: opened };
}

it('repeats under the same key what a worker that was killed may have done', async () => {
  const { world, webhook, access, channel } = await createShop(() => undefined);
  const doomed = await startWorkerProgram(world);
  await doChange(access, creation('i'));
  await expect.poll(() => webhook.calls.length, POLL).toBe(1);
  // It has been done, and the answer is on its way when the worker dies.
  await doomed.kill();
  webhook.how.answer = answerJson(200, { frontEndUrl: 'https://made.example.com', password: 'p' });
  await startWorkerProgram(world);
  await expect.poll(async () => (await readInstance(access, 'i'))?.state, POLL).toBe('active');
  expect(webhook.calls.map(({ key }) => key)).toEqual(['i:1', 'i:1']);
  expect(new Set(webhook.calls.map(({ raw }) => raw)).size).toBe(1);
  await expectSigned(webhook.received);
  expect(openAccess(sealOf(channel), (await readInstance(access, 'i'))?.access)).toMatchObject({
    ...{ frontEndUrl: 'https://made.example.com', password: 'p' },
  });
});

it('makes one provisioning call of 50 identical creates, with two workers', async () => {
  const { world, webhook, access, channel } = await createShop();
  await Promise.all([startWorkerProgram(world), startWorkerProgram(world)]);
  const nudger = new Nudger(access.redis);
  const creates = Array.from({ length: 50 }, async (_, index) => {
    const { id, version } = await doChange(access, creation(`business-${index}`));
    nudger.nudge(channel, id, version);
    return id;
  });
  const [id = '', ...others] = [...new Set(await Promise.all(creates))];
  expect(others).toEqual([]);
  await doChange(access, wish('freeze', id));
  await expect.poll(async () => (await readInstance(access, id))?.settled, POLL).toBe(2);
  expect(webhook.calls.map(({ key }) => key)).toEqual([`${id}:1`, `${id}:2`]);
  await nudger.close();
});

it('keeps the order of each instance with two workers, whatever the webhook answers', async () => {
  const answers: WebhookAnswer[] = [
    answerJson(500, {}, { 'retry-after': '1' }),
    answerJson(202, {}, { 'retry-after': '1' }),
    (_call, response) => void response.destroy(),
    (_call, response) => void response.end('garbage'),
    (_call, response) => void response.end('x'.repeat(300_000)),
  ];
  const met = new Set<string>();
  const { world, webhook, access } = await createShop((call, response) => {
    const number = Number(call.key.replace(/\D/g, ''));
    const isFirst = !met.has(call.key) && met.add(call.key);
    const answer = isFirst && call.version === 1 ? answers[number % answers.length] : undefined;
    (answer ?? answerJson(call.type === 'instance.freeze' ? 422 : 200))(call, response);
  });
  const ids = Array.from({ length: 10 }, (_, index) => `n${index}`);
  for (const id of ids) {
    await doChange(access, creation(id, { orderKey: id } as never));
    for (const op of ['freeze', 'unfreeze'] as const) await doChange(access, wish(op, id));
  }
  await Promise.all([startWorkerProgram(world), startWorkerProgram(world)]);
  for (const id of ids) {
    await expect.poll(async () => (await readInstance(access, id))?.settled, POLL).toBe(3);
    expect((await readTasks(access, id)).map(({ state }) => state)).toEqual(['done', 'refused', 'done']);
    const versions = webhook.calls.flatMap(({ body, version }) => (body.instanceId === id ? [version] : []));
    expect(versions).toEqual([1, 1, 2, 3]);
  }
});

it('goes on after a restart of Redis in the middle of a call, and of a nudge that was lost', async () => {
  const { url, server } = await startSingleRedis();
  const { world, webhook, access } = await createShop(() => undefined, url);
  await startWorkerProgram(world);
  await doChange(access, creation('i'));
  await expect.poll(() => webhook.calls.length, POLL).toBe(1);
  await server.kill();
  webhook.how.answer = answerJson(200);
  server.restart();
  // The first call is never answered, so it ends by its own limit, or by another attempt.
  await doChange(access, creation('j', { orderKey: 'other' } as never));
  for (const id of ['i', 'j'])
    await expect.poll(async () => (await readInstance(access, id))?.state, POLL).toBe('active');
  expect(new Set(webhook.calls.map(({ key }) => key))).toEqual(new Set(['i:1', 'j:1']));
});

it('ends in order: what has begun is recorded before the process goes', async () => {
  let release: () => void = () => undefined;
  const { world, webhook, access } = await createShop((call, response) => {
    release = () => answerJson(200)(call, response);
  });
  const worker = await startWorkerProgram(world);
  await doChange(access, creation('i'));
  await doChange(access, wish('freeze', 'i'));
  await expect.poll(() => webhook.calls.length, POLL).toBe(1);
  void worker.stop();
  await worker.says('workers_stopping');
  release();
  expect((await worker.ended).code).toBe(0);
  expect((await readTasks(access, 'i')).map(({ state }) => state)).toEqual(['done', 'due']);
  expect(webhook.calls).toHaveLength(1);
});
