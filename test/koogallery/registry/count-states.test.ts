import { expect, it } from 'vitest';
import { retryTasks } from '../../../src/koogallery/lifecycle/retry-tasks.ts';
import { countStates } from '../../../src/koogallery/registry/count-states.ts';
import { listCalls } from '../../../src/koogallery/registry/list-calls.ts';
import { listInstances } from '../../../src/koogallery/registry/list-instances.ts';
import {
  buy,
  endNext,
  fillInstances,
  fillRegistering,
  fillWaiting,
} from '../../support/koogallery/filled-shop.ts';
import { creation, doChange, makeChannel, refresh, wish } from '../../support/koogallery/registry.ts';

const NONE = { opening: 0, waiting: 0, active: 0, frozen: 0, released: 0, failed: 0 };

it('counts instances by state through their whole lives, and no news of orders', async () => {
  const channel = makeChannel();
  expect(await countStates(channel)).toMatchObject(NONE);
  await fillInstances(channel);
  expect(await countStates(channel)).toMatchObject({ ...NONE, opening: 1, active: 1, frozen: 1, failed: 1 });
  await retryTasks(channel, { id: 'i-failed', by: 'test' });
  expect(await countStates(channel)).toMatchObject({ opening: 2, failed: 0 });
  await endNext(channel, 'i-failed', { outcome: 'done', isReady: true, set: {} });
  expect(await countStates(channel)).toMatchObject({ opening: 1, active: 2 });
  // A renewal wakes what is frozen.
  await doChange(channel, refresh('i-frozen', Date.now() + 1_000_000));
  expect(await countStates(channel)).toMatchObject({ active: 3, frozen: 0 });
  for (const id of ['i-active', 'i-opening']) await doChange(channel, wish('release', id));
  await doChange(channel, wish('release', 'i-active'));
  expect(await countStates(channel)).toMatchObject({ ...NONE, active: 2, released: 2 });
  const news = { op: 'note', id: 'order.1', task: 'order.notify', dedupe: 'd', opens: 'order' } as const;
  await doChange(channel, news);
  // Licenses that the marketplace issues are known from the first call about them.
  await doChange(channel, wish('freeze', 'license', { adopts: true, kind: 'license' } as never));
  await doChange(channel, creation('at-once', { orderKey: 'x', settles: true } as never));
  expect(await countStates(channel)).toMatchObject({ ...NONE, active: 3, released: 2, frozen: 1 });
});

it('counts those that wait for their buyers, and those whose data are there', async () => {
  const channel = makeChannel();
  await fillWaiting(channel);
  await fillRegistering(channel);
  expect(await countStates(channel)).toEqual({ ...NONE, waiting: 1, opening: 1 });
  await doChange(channel, wish('freeze', 'i-waiting'));
  expect(await countStates(channel)).toEqual({ ...NONE, frozen: 1, opening: 1 });
  await doChange(channel, wish('unfreeze', 'i-waiting'));
  await retryTasks(channel, { id: 'i-row', by: 'test' });
  await endNext(channel, 'i-row', { outcome: 'done', isReady: true, set: {} });
  expect(await countStates(channel)).toEqual({ ...NONE, waiting: 1, active: 1 });
  await doChange(channel, wish('release', 'i-waiting'));
  expect(await countStates(channel)).toEqual({ ...NONE, released: 1, active: 1 });
});

it('counts no instance as active whose create is tried again after it was refused', async () => {
  const channel = makeChannel();
  await fillWaiting(channel);
  await retryTasks(channel, { id: 'i-waiting', by: 'test' });
  await endNext(channel, 'i-waiting', { outcome: 'refused', reason: 'its store is away' });
  expect(await countStates(channel)).toEqual({ ...NONE, failed: 1 });
  await retryTasks(channel, { id: 'i-waiting', by: 'test' });
  expect(await countStates(channel)).toEqual({ ...NONE, opening: 1 });
  await endNext(channel, 'i-waiting', { outcome: 'done', isReady: true, set: {} });
  expect(await countStates(channel)).toEqual({ ...NONE, active: 1 });
});

it('finds instances by their own id and by that of their order, and nothing by a part of it', async () => {
  const channel = makeChannel();
  await buy(channel, 'a');
  await buy(channel, 'ab');
  const line = { orderKey: 'a line 2', set: { orderId: 'order-a' } };
  await doChange(channel, creation('a2', line as never));
  const named = async (text: string, more = {}) =>
    (await listInstances(channel, { limit: 10, named: text, ...more })).instances.map(({ id }) => id).sort();
  expect(await named('order-a')).toEqual(['a', 'a2']);
  expect(await named('ab')).toEqual(['ab']);
  expect(await named('order-')).toEqual([]);
  expect(await named('order-a', { state: 'active' })).toEqual([]);
  expect(await named('order-a', { isRefused: true })).toEqual([]);
});

it('lists the calls about one instance: those that name it, and the create that has led to it', async () => {
  const channel = makeChannel();
  await fillInstances(channel);
  const { calls } = await listCalls(channel, { limit: 10, instanceId: 'i-frozen' });
  expect(calls.map(({ activity }) => activity)).toEqual(['expireInstance', 'newInstance']);
});
