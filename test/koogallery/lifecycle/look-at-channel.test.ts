import { expect, it } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { lookAtChannel } from '../../../src/koogallery/lifecycle/look-at-channel.ts';
import { listCalls } from '../../../src/koogallery/registry/list-calls.ts';
import { noteCall } from '../../../src/koogallery/registry/note-call.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import type { AlertEvent } from '../../../src/notify/events.ts';
import { textOf } from '../../../src/notify/texts.ts';
import { creation, doChange, makeChannel, wish } from '../../support/koogallery/registry.ts';
import { answerJson, channelOf, startWebhook, workOf } from '../../support/koogallery/webhook.ts';

const HOUR_MS = 3_600_000;

function watch(access: ChannelAccess, generation: 'saas-v2' | 'license-v1' = 'saas-v2') {
  const raised: AlertEvent[] = [];
  const watched = { ...access, generation, createLateMinutes: 60 };
  const look = async () => {
    const before = raised.length;
    await lookAtChannel(watched, async (event) => void raised.push(event));
    return raised.slice(before);
  };
  return look;
}

/** As if an hour had passed since. */
async function anHourLater({ redis, slug }: ChannelAccess, field: string): Promise<void> {
  const { told } = channelKeys(slug);
  const { hour, ...more } = JSON.parse((await redis.hget(told, field)) ?? '{}');
  await redis.hset(told, field, JSON.stringify({ ...more, hour: hour - HOUR_MS }));
}

it('tells of calls that were answered with an error, at once and then hourly', async () => {
  const access = makeChannel();
  const look = watch(access);
  const call = { activity: 'releaseInstance' };
  await doChange(access, wish('release', 'x'), { call });
  expect(await look()).toEqual([]);
  await doChange(access, wish('release', 'x'), { call });
  await doChange(access, wish('release', 'x'), { call: { ...call, isTest: true } });
  const [event, ...rest] = await look();
  expect(rest).toEqual([]);
  expect(event).toMatchObject({
    type: 'koogallery.call_failed',
    facts: { channel: access.slug, calls: 1, codes: 'releaseInstance 000003' },
  });
  await doChange(access, wish('release', 'x'), { call });
  expect(await look()).toEqual([]);
  await anHourLater(access, 'calls');
  expect(await look()).toMatchObject([{ facts: { calls: 1 } }]);
  for (const language of ['en', 'zh'] as const)
    expect(textOf(event as AlertEvent, language).lines.join()).toContain('releaseInstance 000003');
});

it('tells of calls that nobody verified by themselves, and they do not hide the others', async () => {
  const access = makeChannel();
  const look = watch(access);
  const call = { activity: 'unverified', isTest: false, isStranger: true, line: { reason: 'mismatch' } };
  const forge = () => noteCall(access, call, { code: '000001', replayed: '000001' });
  await look();
  await forge();
  const [event, ...rest] = await look();
  expect(rest).toEqual([]);
  expect(event).toMatchObject({
    type: 'koogallery.unverified',
    facts: { channel: access.slug, calls: 1, codes: 'unverified 000001' },
  });
  for (const language of ['en', 'zh'] as const)
    expect(textOf(event as AlertEvent, language).lines.join()).toContain('--unverified');
  await forge();
  await doChange(access, wish('release', 'x'), { call: { activity: 'releaseInstance' } });
  expect(await look()).toMatchObject([
    { type: 'koogallery.call_failed', facts: { calls: 1, codes: 'releaseInstance 000003' } },
  ]);
  const { calls } = await listCalls(access, { limit: 9, isUnverified: true });
  expect(calls).toMatchObject([1, 2].map(() => ({ activity: 'unverified', facts: { reason: 'mismatch' } })));
  expect((await listCalls(access, { limit: 9 })).calls).toMatchObject([{ activity: 'releaseInstance' }]);
});

it('tells of a create that is late, and of a task that was refused', async () => {
  const access = makeChannel();
  const look = watch(access);
  const webhook = await startWebhook(answerJson(422));
  await doChange(access, creation('i'));
  expect(await look()).toEqual([]);
  const { opening } = channelKeys(access.slug);
  await access.redis.zadd(opening, Date.now() - 61 * 60_000, 'i');
  expect(await look()).toMatchObject([
    { type: 'koogallery.create_late', facts: { instances: 1, instance: 'i', minutes: 60 } },
  ]);
  expect(await look()).toEqual([]);
  await anHourLater(access, 'creates');
  expect(await look()).toMatchObject([{ type: 'koogallery.create_late' }]);
  await workOf(access, { channel: channelOf(access.slug, webhook.url) }).workOn('i');
  expect(await look()).toMatchObject([
    { type: 'koogallery.task_refused', facts: { channel: access.slug, tasks: 1, instance: 'i' } },
  ]);
  // Its buyer waits all the same, until it is done or released.
  await anHourLater(access, 'creates');
  expect(await look()).toMatchObject([{ type: 'koogallery.create_late', facts: { instance: 'i' } }]);
  await anHourLater(access, 'creates');
  await doChange(access, wish('release', 'i'));
  expect(await look()).toEqual([]);
});

it('tells once a day of a buyer who does not tell what is missing, and not that we are late', async () => {
  const access = makeChannel();
  const look = watch(access);
  await doChange(access, creation('i'));
  const { opening, waiting, told } = channelKeys(access.slug);
  await access.redis.zrem(opening, 'i');
  await access.redis.zadd(waiting, Date.now() - 23 * HOUR_MS, 'i');
  expect(await look()).toEqual([]);
  await access.redis.zadd(waiting, Date.now() - 25 * HOUR_MS, 'i');
  const [event, ...rest] = await look();
  expect(rest).toEqual([]);
  expect(event).toMatchObject({
    ...{ type: 'koogallery.data_late', facts: { instances: 1, instance: 'i', hours: 24 } },
  });
  for (const language of ['en', 'zh'] as const)
    expect(textOf(event as AlertEvent, language).lines.join()).toContain('onboard koogallery form');
  expect(await look()).toEqual([]);
  const { day } = JSON.parse((await access.redis.hget(told, 'waiting')) ?? '{}');
  await access.redis.hset(told, 'waiting', JSON.stringify({ day: day - 24 * HOUR_MS }));
  expect(await look()).toMatchObject([{ type: 'koogallery.data_late' }]);
  await doChange(access, wish('release', 'i'));
  await access.redis.hdel(told, 'waiting');
  expect(await look()).toEqual([]);
});

it('tells that no license is left, once', async () => {
  const access = makeChannel();
  const look = watch(access, 'license-v1');
  const { licensesFree } = channelKeys(access.slug);
  expect(await look()).toMatchObject([{ type: 'koogallery.license_empty' }]);
  expect(await look()).toEqual([]);
  await access.redis.rpush(licensesFree, 'a');
  expect(await look()).toEqual([]);
  await access.redis.del(licensesFree);
  expect(await look()).toMatchObject([{ type: 'koogallery.license_empty' }]);
});
