/** What the API tells of channels, calls, usage and licenses, what operators do there, and who may. */
import { expect, it } from 'vitest';
import { createApi, makeKey, ownDatabase } from '../support/api.ts';
import { fillCodes, fillInstances, fillUsage, makeShop } from '../support/koogallery/filled-shop.ts';
import { connectTestRedis } from '../support/redis.ts';

async function createShopApi() {
  const filled = await makeShop(connectTestRedis());
  await fillInstances(filled.shop);
  await fillUsage(filled.shop);
  await fillCodes(filled.codes);
  const api = await createApi({ more: filled.environment });
  return { ...api, ...filled, of: `channel=${filled.shop.slug}` };
}

it('shows how each channel does', async () => {
  const { get, shop, codes } = await createShopApi();
  const { json } = await get('/v1/koogallery/channels');
  expect(json.channels).toMatchObject([
    {
      channel: shop.slug,
      provision: 'webhook',
      instances: { total: 4, byState: { opening: 1, active: 1, frozen: 1, released: 0, failed: 1 } },
      calls: { total: 6, failed: 1, unverified: 1, tests: 0 },
      ...{ opening: 1, due: 1, refused: 1 },
      usage: { counts: { recorded: 1, sent: 1, received: 1, abnormal: 1 } },
    },
    { channel: codes.slug, licenses: { free: 3, given: 0, loaded: 3 } },
  ]);
  expect(json.channels[0].oldestOpeningSeconds).toBeGreaterThan(0);
  expect(json.channels[1]).not.toHaveProperty('usage');
  expect((await get(`/v1/koogallery/licenses?channel=${codes.slug}`)).json).toEqual(
    json.channels[1].licenses,
  );
  expect((await get('/v1/session')).json.channels).toEqual([shop.slug, codes.slug]);
  const { body } = await get('/metrics');
  const line = (name: string, labels: string) =>
    `onboard_koogallery_${name}{channel="${shop.slug}",${labels}}`;
  for (const series of [
    `${line('instances_in_state', 'state="frozen"')} 1`,
    `${line('usage_records', 'state="abnormal"')} 1`,
    line('usage_deadline_seconds', 'deadline="latest"'),
  ])
    expect(body).toContain(series);
});

it('lists calls: failed ones, of an activity, about an instance, and of strangers', async () => {
  const { get, of } = await createShopApi();
  const activities = async (query: string) =>
    (await get(`/v1/koogallery/calls?${of}${query}`)).json.calls.map(
      (call: { activity: string }) => call.activity,
    );
  expect(await activities('&failed=true')).toEqual(['expireInstance']);
  expect(await activities('&activity=newInstance')).toHaveLength(4);
  expect(await activities('&instance=i-frozen')).toEqual(['expireInstance', 'newInstance']);
  expect(await activities('&unverified=true')).toEqual(['unverified']);
  const first = (await get(`/v1/koogallery/calls?${of}&limit=5`)).json;
  expect(first.calls[0]).toMatchObject({ code: '000003', isFailed: true, isTest: false });
  expect(await activities(`&cursor=${first.next}`)).toEqual(['newInstance']);
  expect((await get(`/v1/koogallery/calls?${of}&cursor=x`)).status).toBe(400);
  expect((await get('/v1/koogallery/calls?channel=none')).json.code).toBe('CHANNEL_UNKNOWN');
});

it('finds an instance by its order, and brings back what was refused', async () => {
  const { get, post, of } = await createShopApi();
  const found = await get(`/v1/koogallery/instances?${of}&named=order-i-failed`);
  expect(found.json).toMatchObject({ instances: [{ id: 'i-failed', refused: 1 }], next: null });
  const retried = await post(`/v1/koogallery/instances/i-failed/retry?${of}`);
  expect(retried.json).toEqual({ id: 'i-failed', retried: [1], superseded: [], hastened: [] });
  const story = (await get(`/v1/koogallery/instances/i-failed?${of}`)).json;
  expect(story).toMatchObject({ state: 'opening', tasks: [{ retriedBy: 'local', state: 'due' }] });
  expect((await post(`/v1/koogallery/instances/retry?${of}`)).json).toEqual({ instances: [] });
  expect((await post(`/v1/koogallery/instances/x/retry?${of}`)).json.code).toBe('INSTANCE_UNKNOWN');
});

it('lists usage with what may be decided of it, and takes decisions', async () => {
  const { get, post, of } = await createShopApi();
  const list = async (query: string) => (await get(`/v1/koogallery/usage?${of}${query}`)).json;
  const { records, next, summary } = await list('&limit=2');
  expect(records).toMatchObject([
    { id: 'abnormal-1', code: '013', decisions: ['billed', 'lost', 'retry'] },
    { id: 'lost-1', state: 'sent', lost: 1, decisions: ['billed', 'lost', 'abnormal'] },
  ]);
  expect(records[0].meaning).toContain('reconcile');
  expect((await list(`&cursor=${next}`)).records).toMatchObject([{ id: 'recorded-1' }, { id: 'received-1' }]);
  expect(summary.counts).toMatchObject({ received: 1, settled: 0 });
  const settle = (id: string, body: object) => post(`/v1/koogallery/usage/${id}/settle?${of}`, body);
  const settled = await settle('lost-1', { as: 'lost', reason: 'ticket 7' });
  expect(settled.json.record).toMatchObject({ state: 'settled', decision: 'lost', decidedBy: 'local' });
  expect(await settle('received-1', { as: 'lost' })).toMatchObject({
    status: 409,
    json: { code: 'USAGE_STATE' },
  });
  expect((await settle('none', { as: 'lost' })).json.code).toBe('USAGE_UNKNOWN');
  expect((await settle('lost-1', { as: 'retry' })).status).toBe(400);
  const again = await post(`/v1/koogallery/usage/abnormal-1/retry?${of}`);
  expect(again.json.record).toMatchObject({ state: 'recorded', formerSns: ['abnormal-1'] });
  await settle('received-1', { as: 'abnormal', reason: '006' });
  const retryAll = (body: object) => post(`/v1/koogallery/usage/retry?${of}`, body);
  expect((await retryAll({ code: '013' })).json).toEqual({ records: 0 });
  expect((await retryAll({})).json).toEqual({ records: 1 });
});

it('lets viewers look and operators act, and nobody who is for one account', async () => {
  const filled = await makeShop(connectTestRedis());
  const { get, post, onboarding, world } = await createApi({
    redisUrl: ownDatabase(10),
    more: filled.environment,
  });
  const of = `channel=${filled.shop.slug}`;
  const viewer = await makeKey(onboarding, { role: 'viewer' });
  const own = await makeKey(onboarding, { role: 'operator', account: world.account.name });
  for (const path of ['channels', `calls?${of}`, `usage?${of}`, `licenses?${of}`, `instances?${of}`]) {
    expect((await get(`/v1/koogallery/${path}`, viewer)).status).toBe(200);
    expect((await get(`/v1/koogallery/${path}`, own)).json.code).toBe('FORBIDDEN');
  }
  const verbs = ['instances/x/retry', 'instances/retry', 'usage/retry', 'usage/x/retry', 'usage/x/settle'];
  for (const verb of verbs)
    for (const key of [viewer, own])
      expect((await post(`/v1/koogallery/${verb}?${of}`, { as: 'lost' }, key)).json.code).toBe('FORBIDDEN');
  expect((await get('/v1/session', own)).json.channels).toEqual([]);
});
