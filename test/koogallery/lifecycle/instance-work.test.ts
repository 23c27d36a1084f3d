import { expect, it } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { beginTask, FAILURES_MAX } from '../../../src/koogallery/lifecycle/begin-task.ts';
import { readDue } from '../../../src/koogallery/lifecycle/due-instances.ts';
import { endTask } from '../../../src/koogallery/lifecycle/end-task.ts';
import { keepTask } from '../../../src/koogallery/lifecycle/keep-task.ts';
import { readRefused, retryTasks } from '../../../src/koogallery/lifecycle/retry-tasks.ts';
import { openAccess, sealAccess } from '../../../src/koogallery/registry/access.ts';
import { readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { sealOf } from '../../../src/koogallery/seal.ts';
import { creation, doChange, makeChannel, refresh, wish } from '../../support/koogallery/registry.ts';
import {
  answerJson,
  channelOf,
  expectSigned,
  expectWait,
  startWebhook,
  workOf,
} from '../../support/koogallery/webhook.ts';

const DAY_MS = 86_400_000;
const HOLD_MS = 15_000;
/** After each failure, in seconds; after all others ten minutes. */
const WAITS = [5, 10, 20, 40, 80, 160, 320];

async function begun(access: ChannelAccess, id = 'i') {
  const beginning = await beginTask(access, id, HOLD_MS);
  if (beginning.verdict !== 'begun') throw new Error(`not begun: ${beginning.verdict}`);
  return beginning.begun;
}

/** The next attempt is due at once. */
async function skipWait({ redis, slug }: ChannelAccess, id = 'i'): Promise<void> {
  const key = channelKeys(slug).tasks(id);
  for (const [version, text] of Object.entries(await redis.hgetall(key))) {
    const { nextAt, ...task } = JSON.parse(text);
    if (nextAt !== undefined) await redis.hset(key, version, JSON.stringify(task));
  }
}

const statesOf = async (access: ChannelAccess, id = 'i') =>
  (await readTasks(access, id)).map(({ state }) => state);

it('does the tasks of an instance one after another, signed, and keeps what the webhook answers', async () => {
  const access = makeChannel();
  const told = { frontEndUrl: 'https://t1.example.com', userName: 'admin', password: 'geheim', memo: null };
  const webhook = await startWebhook((call, response) =>
    answerJson(200, call.type === 'instance.create' ? told : {})(call, response),
  );
  const channel = channelOf(access.slug, webhook.url);
  const seal = sealOf(channel);
  const buyer = JSON.stringify({ customerId: 'c', mobilePhone: seal.seal('+86 1') });
  const end = Date.now() + DAY_MS;
  const set = { orderId: 'o', orderLineId: 'l', productId: 'p', buyer, expireAt: String(end) };
  const fields = { orderId: 'o', email: seal.seal('a@b.c'), list: [] };
  await doChange(access, creation('i', { set }), { fields });
  await doChange(access, wish('freeze', 'i'));
  await doChange(access, refresh('i', end + DAY_MS));
  expect(await readDue(access, 10)).toMatchObject([{ id: 'i' }]);
  await workOf(access, { channel }).workOn('i');
  await expectSigned(webhook.received);
  expect(webhook.calls.map(({ type }) => type)).toEqual([
    'instance.create',
    'instance.freeze',
    'instance.refresh',
    'instance.unfreeze',
  ]);
  expect(webhook.calls[0]?.body).toMatchObject({
    ...{ id: 'i:1', channel: access.slug, instanceId: 'i', version: 1 },
    // The end that it has by now, at the first attempt.
    expireAt: new Date(end + DAY_MS).toISOString(),
    order: { orderId: 'o', orderLineId: 'l' },
    product: { productId: 'p' },
    buyer: { customerId: 'c', mobilePhone: '+86 1' },
    fields: { orderId: 'o', email: 'a@b.c', list: [] },
  });
  const instance = await readInstance(access, 'i');
  expect(instance).toMatchObject({ state: 'active', settled: 4 });
  expect(instance?.access).not.toContain('geheim');
  expect(openAccess(seal, instance?.access)).toEqual({
    ...{ frontEndUrl: 'https://t1.example.com', userName: 'admin', password: 'geheim' },
  });
  expect(await readDue(access, 10)).toEqual([]);
});

it('adds to what V1.0 buyers were told, and changes none of it', async () => {
  const access = makeChannel();
  const webhook = await startWebhook(
    answerJson(200, { frontEndUrl: 'https://b.example.com', memo: 'hello' }),
  );
  const channel = channelOf(access.slug, webhook.url, { generation: 'saas-v1' });
  const told = sealAccess(sealOf(channel), { frontEndUrl: 'https://a.example.com' });
  await doChange(access, creation('i', { set: { access: told } }));
  await workOf(access, { channel }).workOn('i');
  const { access: kept } = (await readInstance(access, 'i')) ?? {};
  expect(openAccess(sealOf(channel), kept)).toEqual({ frontEndUrl: 'https://a.example.com', memo: 'hello' });
});

it('asks again with the same bytes under the same key after a failure, and waits longer each time', async () => {
  const access = makeChannel();
  const webhook = await startWebhook(answerJson(500, { reason: 'database\naway' }));
  const work = workOf(access, { channel: channelOf(access.slug, webhook.url) });
  await doChange(access, creation('i', { set: { expireAt: '5' } }));
  let waited = 0;
  for (let attempt = 1; attempt < FAILURES_MAX; attempt += 1) {
    const seconds = WAITS[attempt - 1] ?? 600;
    const task = await expectWait({ access, work }, seconds);
    expect(task).toMatchObject({ state: 'due', attempts: attempt, reason: 'database away' });
    waited += seconds;
    await doChange(access, refresh('i', Date.now() + attempt));
    await skipWait(access);
  }
  expect(waited).toBeGreaterThanOrEqual(2.5 * 3_600);
  expect(new Set(webhook.calls.map(({ raw }) => raw)).size).toBe(1);
  webhook.how.answer = (call, response) => answerJson(call.version === 1 ? 503 : 200)(call, response);
  await work.workOn('i');
  expect((await readTasks(access, 'i')).slice(0, 2)).toMatchObject([
    { state: 'refused', attempts: FAILURES_MAX, reason: 'HTTP 503' },
    { state: 'done' },
  ]);
  expect(await readInstance(access, 'i')).toMatchObject({ state: 'failed', refusal: 'HTTP 503' });
  expect(await readRefused(access)).toMatchObject([{ instanceId: 'i', version: 1 }]);
});

it('does not take patience for a failure', async () => {
  const access = makeChannel();
  const webhook = await startWebhook(answerJson(202, {}, { 'retry-after': '30' }));
  let later = 0;
  const channel = channelOf(access.slug, webhook.url);
  const work = workOf(access, { channel, now: () => Date.now() + later });
  await doChange(access, creation('i'));
  for (let attempt = 1; attempt <= FAILURES_MAX + 2; attempt += 1) {
    const task = await expectWait({ access, work }, 30);
    expect(task).toMatchObject({ state: 'due', attempts: attempt, failures: 0 });
    await skipWait(access);
  }
  later = 73 * 3_600_000;
  await work.workOn('i');
  expect(await readTasks(access, 'i')).toMatchObject([{ state: 'refused' }]);
});

it('goes on without what was refused for good, until a person wants it again', async () => {
  const access = makeChannel();
  const webhook = await startWebhook((call, response) =>
    answerJson(call.type === 'instance.create' ? 422 : 200, { reason: 'no such plan' })(call, response),
  );
  const work = workOf(access, { channel: channelOf(access.slug, webhook.url) });
  await doChange(access, creation('i'));
  await doChange(access, wish('freeze', 'i'));
  await work.workOn('i');
  expect(await statesOf(access)).toEqual(['refused', 'done']);
  expect(await readInstance(access, 'i')).toMatchObject({ state: 'failed', refusal: 'no such plan' });
  expect(await retryTasks(access, { id: 'i', by: 'me' })).toEqual({
    ...{ retried: [1], superseded: [], hastened: [] },
  });
  expect(await readRefused(access)).toEqual([]);
  webhook.how.answer = answerJson(200);
  await work.workOn('i');
  expect(await readTasks(access, 'i')).toMatchObject([{ state: 'done', attempts: 2, retriedBy: 'me' }, {}]);
  const instance = await readInstance(access, 'i');
  expect(instance).toMatchObject({ state: 'frozen', settled: 2 });
  expect(instance?.refusal).toBeUndefined();
  expect(await retryTasks(access, { id: 'nobody', by: 'me' })).toBeUndefined();
});

it('brings back no dead letter that a later task has decided', async () => {
  const access = makeChannel();
  const webhook = await startWebhook(answerJson(409));
  const work = workOf(access, { channel: channelOf(access.slug, webhook.url) });
  await doChange(access, creation('i'));
  for (const op of ['freeze', 'unfreeze', 'freeze'] as const) await doChange(access, wish(op, 'i'));
  await work.workOn('i');
  expect(await statesOf(access)).toEqual(['refused', 'refused', 'refused', 'refused']);
  expect(await retryTasks(access, { id: 'i', by: 'me' })).toMatchObject({
    retried: [1, 4],
    superseded: [2, 3],
  });
  await doChange(access, wish('release', 'i'));
  webhook.how.answer = answerJson(200);
  webhook.calls.length = 0;
  await work.workOn('i');
  // The create has begun, so its end is waited for; the freeze is not.
  expect(webhook.calls.map(({ type }) => type)).toEqual(['instance.create', 'instance.release']);
  expect(await statesOf(access)).toEqual(['done', 'withdrawn', 'withdrawn', 'withdrawn', 'done']);
});

it('creates nothing that was released before it had begun', async () => {
  const access = makeChannel();
  const webhook = await startWebhook();
  await doChange(access, creation('i'));
  await doChange(access, wish('freeze', 'i'));
  await doChange(access, wish('release', 'i'));
  await workOf(access, { channel: channelOf(access.slug, webhook.url) }).workOn('i');
  expect(webhook.calls).toEqual([]);
  expect(await statesOf(access)).toEqual(['withdrawn', 'withdrawn', 'done']);
  expect(await readInstance(access, 'i')).toMatchObject({ state: 'released', settled: 3 });
  expect(await readDue(access, 10)).toEqual([]);
});

it('lets one process at a time work on an instance, and another take over from one that died', async () => {
  const access = makeChannel();
  await doChange(access, creation('i'));
  const first = await begun(access);
  expect(await beginTask(access, 'i', HOLD_MS)).toMatchObject({ verdict: 'busy' });
  expect(await readDue(access, 10)).toEqual([]);
  await access.redis.del(`${channelKeys(access.slug).instance('i')}:lease`);
  const second = await begun(access);
  expect(second.task).toMatchObject({ version: 1, attempts: 2, failures: 2 });
  const done = { outcome: 'done', set: { access: 'of the first' }, isReady: true } as const;
  expect(await endTask(access, first, done)).toMatchObject({ verdict: 'lost' });
  expect(await readInstance(access, 'i')).toMatchObject({ state: 'opening' });
  expect(await readInstance(access, 'i')).not.toHaveProperty('access');
  expect(await endTask(access, second, { ...done, set: {} })).toMatchObject({
    verdict: 'ended',
    state: 'done',
  });
  expect(await endTask(access, second, done)).toMatchObject({ verdict: 'lost' });
  expect(await readInstance(access, 'i')).toMatchObject({ state: 'active' });
});

it('keeps an attempt for as long as it takes, and notices that it was lost', async () => {
  const access = makeChannel();
  await doChange(access, creation('i'));
  const first = await begun(access);
  const lease = `${channelKeys(access.slug).instance('i')}:lease`;
  // Long enough for a beat to be late on a loaded machine.
  const keeping = keepTask(access, first, 2_000);
  await expect.poll(() => access.redis.pttl(lease), { interval: 5 }).toBeLessThanOrEqual(2_000);
  expect(keeping.isHeld()).toBe(true);
  await access.redis.set(lease, 'of another');
  await expect.poll(() => keeping.isHeld(), { interval: 5 }).toBe(false);
  keeping.end();
});

it('gives up a task that kills every process', async () => {
  const access = makeChannel();
  await doChange(access, creation('i'));
  for (let attempt = 0; attempt < FAILURES_MAX; attempt += 1) {
    await begun(access);
    await access.redis.del(`${channelKeys(access.slug).instance('i')}:lease`);
  }
  expect(await beginTask(access, 'i', HOLD_MS)).toMatchObject({ verdict: 'idle', given: [1] });
  expect(await readRefused(access)).toHaveLength(1);
});
