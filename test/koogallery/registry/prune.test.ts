/** What grows with every call of the marketplace must have an end, and no repetition may be obeyed for it. */
import { expect, it } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { readRefused, retryTasks } from '../../../src/koogallery/lifecycle/retry-tasks.ts';
import type { Change } from '../../../src/koogallery/registry/accept.ts';
import { countStates } from '../../../src/koogallery/registry/count-states.ts';
import { pruneEnded } from '../../../src/koogallery/registry/prune-ended.ts';
import { findByOrder, readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { creation, doChange, makeChannel, refresh, wish } from '../../support/koogallery/registry.ts';
import { answerJson, channelOf, startWebhook, workOf } from '../../support/koogallery/webhook.ts';

const DAY_MS = 86_400_000;
const settles = { settles: true } as const;
const longAgo = async ({ redis, slug }: ChannelAccess, id: string) =>
  redis.zincrby(channelKeys(slug).ended, -400 * DAY_MS - 1_000, id);
const keysOf = async ({ redis, slug }: ChannelAccess) =>
  (await redis.keys(`${channelKeys(slug).prefix}*`)).map((key) => key.split('}:')[1]).sort();

it('keeps 200 tasks of years of freezes, and knows every renewal', async () => {
  const channel = makeChannel();
  await doChange(channel, creation('i', settles));
  const renewals = [1, 2].map((day) => refresh('i', Date.now() + day * DAY_MS, settles as never));
  for (const each of renewals) await doChange(channel, each);
  const days = Array.from({ length: 130 }, () => ['freeze', 'unfreeze'] as const).flat();
  await Promise.all(days.map((op) => doChange(channel, wish(op, 'i', settles))));
  const tasks = await readTasks(channel, 'i');
  expect(tasks).toHaveLength(200);
  expect(tasks[0]?.version).toBe(64);
  expect(await readInstance(channel, 'i')).toMatchObject({ version: 263, settled: 263, wanted: 'active' });
  for (const each of renewals) expect((await doChange(channel, each)).verdict).toBe('repeated');
  expect(await readInstance(channel, 'i')).toMatchObject({ version: 263 });
});

it('keeps dead letters beyond that, and a freeze that was lifted since is withdrawn', async () => {
  const channel = makeChannel();
  const webhook = await startWebhook(answerJson(422, { reason: 'no' }));
  const work = workOf(channel, { channel: channelOf(channel.slug, webhook.url) });
  await doChange(channel, creation('i', settles));
  await doChange(channel, wish('freeze', 'i'));
  await work.workOn('i');
  await doChange(channel, wish('unfreeze', 'i', settles));
  const upgrade = (order: number) =>
    ({ op: 'note', id: 'i', task: 'instance.upgrade', dedupe: `u${order}`, ...settles }) as Change;
  await Promise.all(Array.from({ length: 210 }, (_, order) => doChange(channel, upgrade(order))));
  expect((await readTasks(channel, 'i')).map(({ version }) => version).slice(0, 2)).toEqual([2, 14]);
  expect(await readRefused(channel)).toMatchObject([{ version: 2 }]);
  expect(await retryTasks(channel, { id: 'i', by: 'me' })).toMatchObject({ retried: [], superseded: [2] });
  expect((await readTasks(channel, 'i'))[0]?.version).toBe(14);
  expect(await readInstance(channel, 'i')).toMatchObject({ refused: 0, wanted: 'active' });
});

it('forgets a released instance and its order after 400 days, and obeys no old call of it', async () => {
  const channel = makeChannel();
  const saidAt = Date.now();
  const create = creation('i', { ...settles, saidAt } as never);
  await doChange(channel, create);
  await doChange(channel, refresh('i', Date.now() + DAY_MS, settles as never));
  await doChange(channel, wish('release', 'i', settles));
  expect(await pruneEnded(channel)).toBe(0);
  await longAgo(channel, 'i');
  expect((await countStates(channel)).released).toBe(1);
  expect(await pruneEnded(channel)).toBe(1);
  // Neither counted nor found any more.
  expect(await keysOf(channel)).toEqual(['calls', 'counts']);
  expect(await findByOrder(channel, 'order-1 line-1')).toBeUndefined();
  const old = { ...create, saidAt: saidAt - 366 * DAY_MS } as Change;
  expect(await doChange(channel, old)).toMatchObject({ verdict: 'replayed', code: '000001' });
  expect((await doChange(channel, wish('release', 'i'))).verdict).toBe('unknown');
  expect(await keysOf(channel)).toEqual(['calls', 'counts']);
});

it('forgets nothing with a task that is not over', async () => {
  const channel = makeChannel();
  await doChange(channel, creation('i', settles));
  await doChange(channel, wish('release', 'i'));
  await longAgo(channel, 'i');
  expect(await pruneEnded(channel)).toBe(0);
  expect(await readTasks(channel, 'i')).toHaveLength(2);
});

it('goes on with the versions of what others name, though it was forgotten', async () => {
  const channel = makeChannel();
  const news = (dedupe: string) =>
    ({
      op: 'note',
      id: 'order.1',
      task: 'order.notify',
      dedupe,
      opens: 'order',
      harmless: true,
      ...settles,
    }) as Change;
  await doChange(channel, news('a'));
  const license = { ...settles, adopts: true, kind: 'license' } as never;
  await doChange(channel, wish('freeze', 'L', license));
  await doChange(channel, wish('release', 'L', license));
  for (const id of ['order.1', 'L']) await longAgo(channel, id);
  expect(await pruneEnded(channel)).toBe(2);
  expect(await doChange(channel, news('a'))).toMatchObject({ verdict: 'accepted', version: 2 });
  expect((await doChange(channel, wish('release', 'L', license))).verdict).toBe('repeated');
  const late = wish('freeze', 'L', { ...(license as object), saidAt: Date.now() } as never);
  expect((await doChange(channel, late)).verdict).toBe('released');
  // It is in no list any more, so in no count either.
  expect((await countStates(channel)).released).toBe(0);
  expect(await readTasks(channel, 'L')).toEqual([]);
});

it('knows a call of joint operation for 90 days, and refuses one without a nonce that is a month old', async () => {
  const channel = makeChannel();
  await doChange(channel, creation('i', settles));
  const sync = (dedupe: string, saidAt = Date.now()) =>
    ({ op: 'note', id: 'i', task: 'kit.auth', dedupe, passing: true, saidAt, ...settles }) as Change;
  const verdict = async (change: Change) => (await doChange(channel, change)).verdict;
  expect(await verdict(sync('a'))).toBe('accepted');
  expect(await verdict(sync('a'))).toBe('repeated');
  const old = sync('b', Date.now() - 31 * DAY_MS);
  expect(await verdict(old)).toBe('replayed');
  expect(await readTasks(channel, 'i')).toHaveLength(2);
  // One with a nonce was made within the last minute, whatever it says of its time.
  const call = { nonce: 'n', digest: 'd' };
  expect((await doChange(channel, old, { call })).verdict).toBe('accepted');
  const { kits } = channelKeys(channel.slug);
  await channel.redis.zincrby(kits('i'), -91 * DAY_MS, 'a');
  await doChange(channel, sync('c'));
  expect(await channel.redis.zrange(kits('i'), '0', '-1')).toEqual(['b', 'c']);
});
