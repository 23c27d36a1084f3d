import { expect, it } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { findByOrder, readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import { CODES, creation, doChange, makeChannel, refresh, wish } from '../../support/koogallery/registry.ts';

const DAY_MS = 86_400_000;

it('makes one instance of 50 identical creates that come at once', async () => {
  const channel = makeChannel();
  const creates = Array.from({ length: 50 }, (_, index) => doChange(channel, creation(`business-${index}`)));
  const results = await Promise.all(creates);
  const [first] = results;
  expect(new Set(results.map(({ id }) => id))).toEqual(new Set([first?.id]));
  expect(results.filter(({ verdict }) => verdict === 'accepted')).toHaveLength(1);
  expect(await channel.redis.zcard(channelKeys(channel.slug).instances)).toBe(1);
  expect(await readTasks(channel, first?.id ?? '')).toMatchObject([
    { version: 1, type: 'instance.create', state: 'due', attempts: 0, fields: { a: [] } },
  ]);
  expect(await findByOrder(channel, 'order-1 line-1')).toBe(first?.id);
});

it('says that an id is taken, and writes nothing', async () => {
  const channel = makeChannel();
  await doChange(channel, creation('same'));
  const before = await channel.redis.keys(`${channelKeys(channel.slug).prefix}*`);
  const calls = await channel.redis.xlen(channelKeys(channel.slug).calls);
  const taken = await doChange(channel, creation('same', { orderKey: 'order-2' } as never));
  expect(taken.verdict).toBe('taken');
  expect(await channel.redis.keys(`${channelKeys(channel.slug).prefix}*`)).toHaveLength(before.length);
  expect(await channel.redis.xlen(channelKeys(channel.slug).calls)).toBe(calls);
});

it('answers a create by whether its instance is ready', async () => {
  const channel = makeChannel();
  const codes = { ...CODES, waiting: '000004', failed: '000104' };
  const create = () => doChange(channel, creation('i'), { codes });
  expect((await create()).code).toBe('000004');
  expect((await create()).code).toBe('000004');
  await channel.redis.hset(channelKeys(channel.slug).instance('i'), 'refusal', 'no');
  expect(await create()).toMatchObject({ code: '000104', instance: { state: 'failed' } });
  await channel.redis.hset(channelKeys(channel.slug).instance('i'), 'readyAt', '5');
  expect(await create()).toMatchObject({ code: '000000', verdict: 'repeated', id: 'i', version: 1 });
});

it('freezes and unfreezes by the state, whatever comes twice or in another order', async () => {
  const channel = makeChannel();
  await doChange(channel, creation('i'));
  const verdicts: string[] = [];
  for (const op of ['unfreeze', 'freeze', 'freeze', 'unfreeze', 'unfreeze', 'freeze'] as const)
    verdicts.push((await doChange(channel, wish(op, 'i'))).verdict);
  expect(verdicts).toEqual(['repeated', 'accepted', 'repeated', 'accepted', 'repeated', 'accepted']);
  expect(await readInstance(channel, 'i')).toMatchObject({ wanted: 'frozen', version: 4, state: 'opening' });
  const types = (await readTasks(channel, 'i')).map(({ type }) => type);
  expect(types.slice(1)).toEqual(['instance.freeze', 'instance.unfreeze', 'instance.freeze']);
});

it('knows no way out of a release', async () => {
  const channel = makeChannel();
  await doChange(channel, creation('i'));
  expect((await doChange(channel, wish('release', 'i'))).verdict).toBe('accepted');
  expect((await doChange(channel, wish('release', 'i'))).verdict).toBe('repeated');
  for (const change of [wish('freeze', 'i'), wish('unfreeze', 'i'), refresh('i', Date.now() + DAY_MS)])
    expect(await doChange(channel, change)).toMatchObject({ verdict: 'released', code: '000003' });
  expect(await doChange(channel, creation('other'))).toMatchObject({ verdict: 'repeated', id: 'i' });
  expect(await readInstance(channel, 'i')).toMatchObject({ state: 'released', version: 2 });
});

it('refuses what was never seen', async () => {
  const channel = makeChannel();
  for (const change of [wish('freeze', 'x'), wish('release', 'x'), refresh('x', 1)])
    expect(await doChange(channel, change)).toMatchObject({ verdict: 'unknown', code: '000003', id: '' });
  expect(await channel.redis.exists(channelKeys(channel.slug).instance('x'))).toBe(0);
});

it('renews once for each order, scene and end, also backwards', async () => {
  const channel = makeChannel();
  const [far, near] = [Date.now() + 2 * DAY_MS, Date.now() - DAY_MS];
  await doChange(channel, creation('i'));
  expect(await doChange(channel, refresh('i', far))).toMatchObject({ verdict: 'accepted', version: 2 });
  expect(await doChange(channel, refresh('i', near))).toMatchObject({ verdict: 'accepted', version: 3 });
  expect(await doChange(channel, refresh('i', far))).toMatchObject({ verdict: 'repeated', version: 2 });
  expect(await readInstance(channel, 'i')).toMatchObject({ expireAt: near, version: 3 });
});

it('unfreezes by a renewal whose end is ahead, and says so in a task of its own', async () => {
  const channel = makeChannel();
  await doChange(channel, creation('i'));
  await doChange(channel, wish('freeze', 'i'));
  await doChange(channel, refresh('i', Date.now() - DAY_MS));
  expect(await readInstance(channel, 'i')).toMatchObject({ wanted: 'frozen', version: 3 });
  await doChange(channel, refresh('i', Date.now() + DAY_MS));
  expect(await readInstance(channel, 'i')).toMatchObject({ wanted: 'active', version: 5 });
  const types = (await readTasks(channel, 'i')).map(({ type }) => type);
  expect(types.slice(3)).toEqual(['instance.refresh', 'instance.unfreeze']);
});

it('settles at once what nobody needs to do', async () => {
  const channel = makeChannel();
  const settles = { settles: true } as never;
  const { instance } = await doChange(channel, creation('i', settles));
  expect(instance).toMatchObject({ state: 'active', settled: 1, version: 1 });
  await doChange(channel, wish('freeze', 'i', settles));
  expect(await readInstance(channel, 'i')).toMatchObject({ state: 'frozen', settled: 2 });
  expect(await channel.redis.zcard(channelKeys(channel.slug).due)).toBe(0);
  expect((await readTasks(channel, 'i'))[1]).toMatchObject({ state: 'done', endedAt: expect.any(Number) });
});

it('records a license that the marketplace has issued at the first call about it', async () => {
  const channel = makeChannel();
  const adopting = { adopts: true, kind: 'license', task: 'license.unfreeze' } as never;
  expect(await doChange(channel, wish('unfreeze', 'L', adopting))).toMatchObject({ verdict: 'accepted' });
  expect(await doChange(channel, wish('unfreeze', 'L', adopting))).toMatchObject({ verdict: 'repeated' });
  expect(await readInstance(channel, 'L')).toMatchObject({ kind: 'license', state: 'active', version: 1 });
  const released = { adopts: true, kind: 'license', task: 'license.release' } as never;
  await doChange(channel, wish('release', 'M', released));
  expect(await readInstance(channel, 'M')).toMatchObject({ state: 'released' });
});

it('gives each order a license that was loaded before, and says when none is left', async () => {
  const channel = makeChannel();
  const { licensesFree, licensesGiven } = channelKeys(channel.slug);
  await channel.redis.rpush(licensesFree, 'CODE-1', 'CODE-2');
  const ask = (id: string, orderKey: string) =>
    doChange(
      channel,
      creation(id, { orderKey, takesLicense: true, settles: true, kind: 'license' } as never),
    );
  expect((await ask('a', 'o1')).instance?.license).toBe('CODE-1');
  expect((await ask('b', 'o2')).instance?.license).toBe('CODE-2');
  expect(await ask('c', 'o1')).toMatchObject({ id: 'a', instance: { license: 'CODE-1' } });
  expect(await ask('d', 'o3')).toMatchObject({ verdict: 'exhausted', code: '000100', id: '' });
  expect(await channel.redis.hgetall(licensesGiven)).toEqual({ o1: 'CODE-1', o2: 'CODE-2' });
});

it('keeps the news of an order with its instance, or by itself', async () => {
  const channel = makeChannel();
  const news = { op: 'note', task: 'order.notify', opens: 'order', harmless: true, dedupe: 'o l' } as const;
  const about = { ...news, id: 'order.order-1', orderKey: 'order-1 line-1' };
  expect(await doChange(channel, about)).toMatchObject({ verdict: 'accepted', id: 'order.order-1' });
  expect(await doChange(channel, about)).toMatchObject({ verdict: 'repeated', version: 1 });
  expect(await channel.redis.zcard(channelKeys(channel.slug).instances)).toBe(0);
  await doChange(channel, creation('i'));
  expect(await doChange(channel, about)).toMatchObject({ verdict: 'accepted', id: 'i', version: 2 });
  expect(await doChange(channel, wish('freeze', 'order.order-1'))).toMatchObject({ verdict: 'unknown' });
});

it('adds an upgrade once for each order', async () => {
  const channel = makeChannel();
  const upgrade = {
    op: 'note',
    id: 'i',
    task: 'instance.upgrade',
    dedupe: 'up',
    set: { skuCode: 'big' },
  } as const;
  expect((await doChange(channel, upgrade)).verdict).toBe('unknown');
  await doChange(channel, creation('i'));
  expect((await doChange(channel, upgrade)).verdict).toBe('accepted');
  expect((await doChange(channel, upgrade)).verdict).toBe('repeated');
  expect(await readInstance(channel, 'i')).toMatchObject({ skuCode: 'big', version: 2 });
});
