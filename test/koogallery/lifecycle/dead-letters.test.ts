/** Tasks that were refused for good, and the way there and back. */
import { expect, it } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { waitMs } from '../../../src/koogallery/lifecycle/backoff.ts';
import { FAILURES_MAX } from '../../../src/koogallery/lifecycle/begin-task.ts';
import { retryTasks } from '../../../src/koogallery/lifecycle/retry-tasks.ts';
import type { Change } from '../../../src/koogallery/registry/accept.ts';
import { listInstances } from '../../../src/koogallery/registry/list-instances.ts';
import { readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import { creation, doChange, makeChannel, wish } from '../../support/koogallery/registry.ts';
import { answerJson, channelOf, startWebhook, workOf } from '../../support/koogallery/webhook.ts';

const HOUR_MS = 3_600_000;

it('counts the patience with a task from the moment at which a person brought it back', async () => {
  const access = makeChannel();
  const webhook = await startWebhook(answerJson(422));
  await doChange(access, creation('i'));
  await workOf(access, { channel: channelOf(access.slug, webhook.url) }).workOn('i');
  // As if that had been four days ago.
  const key = channelKeys(access.slug).tasks('i');
  const task = JSON.parse((await access.redis.hget(key, '1')) ?? '');
  await access.redis.hset(key, '1', JSON.stringify({ ...task, firstTriedAt: Date.now() - 96 * HOUR_MS }));
  await retryTasks(access, { id: 'i', by: 'me' });
  webhook.how.answer = answerJson(202);
  await workOf(access, { channel: channelOf(access.slug, webhook.url) }).workOn('i');
  expect(await readTasks(access, 'i')).toMatchObject([{ state: 'due', retriedBy: 'me' }]);
  await retryTasks(access, { id: 'i', by: 'me' });
  const later = { channel: channelOf(access.slug, webhook.url), now: () => Date.now() + 73 * HOUR_MS };
  await workOf(access, later).workOn('i');
  expect(await readTasks(access, 'i')).toMatchObject([{ state: 'refused' }]);
});

it('does not let an answer rush a task to its end', () => {
  for (let count = 1; count <= FAILURES_MAX; count += 1)
    expect(waitMs({ count, isAlive: false, wantedMs: 1_000 })).toBe(waitMs({ count, isAlive: false }));
  expect(waitMs({ count: 1, isAlive: false, wantedMs: 60_000 })).toBe(60_000);
});

it('waits for a create until it is refused, and again once somebody brings it back', async () => {
  const access = makeChannel();
  const webhook = await startWebhook(answerJson(422));
  const work = workOf(access, { channel: channelOf(access.slug, webhook.url) });
  const { opening } = channelKeys(access.slug);
  await doChange(access, creation('i'));
  // As if that had been four days ago.
  await access.redis.zadd(opening, Date.now() - 96 * HOUR_MS, 'i');
  await work.workOn('i');
  expect(await access.redis.zcard(opening)).toBe(0);
  await retryTasks(access, { id: 'i', by: 'me' });
  expect(Number(await access.redis.zscore(opening, 'i'))).toBeGreaterThan(Date.now() - HOUR_MS);
  webhook.how.answer = answerJson(200);
  await work.workOn('i');
  expect(await access.redis.zcard(opening)).toBe(0);
});

it('counts the dead letters of each instance, and lists those that have any', async () => {
  const access = makeChannel();
  const webhook = await startWebhook((call, response) =>
    answerJson(call.body.instanceId === 'b' && call.version === 1 ? 200 : 409)(call, response),
  );
  const work = workOf(access, { channel: channelOf(access.slug, webhook.url) });
  for (const id of ['a', 'b', 'c']) await doChange(access, creation(id, { orderKey: id } as never));
  // Its state tells nothing of this.
  await doChange(access, wish('freeze', 'b'));
  await doChange(access, wish('unfreeze', 'b'));
  const news = { op: 'note', id: 'order.1', task: 'order.notify', dedupe: 'n', opens: 'order' } as Change;
  await doChange(access, news);
  for (const id of ['a', 'b', 'order.1']) await work.workOn(id);
  expect(await readInstance(access, 'b')).toMatchObject({ state: 'active', refused: 2 });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listInstances(access, { limit: 1, cursor, isRefused: true });
    seen.push(...page.instances.map(({ id }) => id));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(['order.1', 'b', 'a']);
  const active = await listInstances(access, { limit: 5, isRefused: true, state: 'active' });
  expect(active.instances.map(({ id }) => id)).toContain('b');
  // The freeze is withdrawn, the unfreeze is done again.
  await retryTasks(access, { id: 'b', by: 'me' });
  expect(await readInstance(access, 'b')).toMatchObject({ refused: 0 });
});

it('counts how the attempts of this process ended', async () => {
  const access = makeChannel();
  const webhook = await startWebhook(answerJson(200));
  const work = workOf(access, { channel: channelOf(access.slug, webhook.url) });
  const counts = () =>
    Object.fromEntries(work.counts.list().map(({ result, attempts }) => [result, attempts]));
  expect(counts()).toEqual({ done: 0, later: 0, refused: 0, lost: 0 });
  for (const [id, status] of Object.entries({ a: 200, b: 409, c: 503 })) {
    webhook.how.answer = answerJson(status);
    await doChange(access, creation(id, { orderKey: id } as never));
    await work.workOn(id);
  }
  expect(counts()).toEqual({ done: 1, later: 1, refused: 1, lost: 0 });
});
