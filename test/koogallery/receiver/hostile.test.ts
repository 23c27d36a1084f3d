import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import type { JsonObject } from '../../../src/koogallery/protocol/json.ts';
import { readInstance } from '../../../src/koogallery/registry/read-instance.ts';
import {
  KIT_KEY,
  type Marketplace,
  openMarketplace,
  read,
  signPost,
} from '../../support/koogallery/marketplace.ts';

const FREEZE = { activity: 'updateInstanceStatus', instanceId: 'b', status: 'FREEZE' };
const CREATE = { activity: 'newInstance', orderId: 'o', orderLineId: 'l', businessId: 'b' };

/** Whatever was sent, nothing of it is there but a line in one of the two audits. */
async function expectOnlyLine(
  { access }: Marketplace,
  stream: 'calls' | 'strangers',
): Promise<Record<string, string>> {
  const { prefix } = channelKeys(access.slug);
  const names = (await access.redis.keys(`${prefix}:*`)).map((key) => key.slice(prefix.length + 1));
  expect(names.filter((name) => !name.startsWith('nonce:')).sort()).toEqual([stream, 'counts'].sort());
  const lines = await access.redis.xrange(channelKeys(access.slug)[stream], '-', '+');
  expect(lines).toHaveLength(1);
  const flat = lines[0]?.[1] ?? [];
  return Object.fromEntries(
    flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : [])),
  );
}

const now = Date.now();

it.each([
  ['another key', { key: 'other' }, 'mismatch'],
  ['the key of joint operation', { key: KIT_KEY }, 'mismatch'],
  ['a time long ago', { timestamp: String(now - 61_000) }, 'stale'],
  ['a time to come', { timestamp: String(now + 120_000) }, 'early'],
  ['a time that is none', { timestamp: 'yesterday' }, 'malformed'],
  ['no nonce', { nonce: '' }, 'missing'],
])('does not believe %s', async (_what, more, reason) => {
  const marketplace = await openMarketplace();
  expect(await marketplace.post(CREATE, more)).toMatchObject({ code: '000001', signedBy: 'current' });
  expect(await expectOnlyLine(marketplace, 'strangers')).toMatchObject({ reason, code: '000001' });
});

it('believes seconds as well as milliseconds', async () => {
  const { post } = await openMarketplace();
  expect((await post(CREATE, { timestamp: String(Math.floor(Date.now() / 1000)) })).code).toBe('000004');
});

it('does not believe a signature over other bytes', async () => {
  const marketplace = await openMarketplace();
  const { query, headers, payload } = signPost(CREATE);
  const url = `/koogallery/${marketplace.channel.slug}?${query}`;
  const changed = payload.replace('"o"', '"p"');
  expect(read(await marketplace.app.inject({ method: 'POST', url, headers, payload: changed })).code).toBe(
    '000001',
  );
  await expectOnlyLine(marketplace, 'strangers');
});

it.each([
  ['that is not JSON', 'null'],
  ['that is cut off', '{"activity":"newInstance"'],
  ['that is empty', ''],
  ['without an activity', '{}'],
  ['that is nested too deeply', `{"activity":"newInstance","a":${'['.repeat(40)}${']'.repeat(40)}}`],
  ['whose types are wrong', '{"activity":"newInstance","orderId":7,"orderLineId":[],"businessId":{}}'],
  ['whose ids are too long', JSON.stringify({ ...CREATE, orderId: 'x'.repeat(65) })],
  ['that says a name twice', JSON.stringify(CREATE).replace('{', '{"orderId":"other",')],
  ['of an activity that nobody knows', '{"activity":"formatDisk","email":"a@b.example"}'],
  ['of an activity of Object', '{"activity":"constructor"}'],
])('answers 000002 to a signed body %s', async (_what, body) => {
  const marketplace = await openMarketplace();
  expect((await marketplace.post(body)).code).toBe('000002');
  const line = await expectOnlyLine(marketplace, 'calls');
  expect(line).toMatchObject({ code: '000002', reason: expect.any(String) });
  expect(JSON.stringify(line)).not.toContain('a@b.example');
});

it('answers 000002 to parameters that come twice', async () => {
  const byPost = await openMarketplace();
  expect((await byPost.post(CREATE, { suffix: '&nonce=other' })).code).toBe('000002');
  expect(await expectOnlyLine(byPost, 'calls')).toMatchObject({ reason: 'duplicate', duplicates: 'nonce' });
  const byGet = await openMarketplace({ channel: { generation: 'saas-v1' } });
  const call = { activity: 'releaseInstance', instanceId: 'a', orderId: 'o' };
  expect((await byGet.get(call, { suffix: '&instanceId=b' })).code).toBe('000002');
  expect(await expectOnlyLine(byGet, 'calls')).toMatchObject({
    reason: 'duplicate',
    duplicates: 'instanceId',
  });
});

it('does not obey a call again that is replayed within the window', async () => {
  const { post, access } = await openMarketplace();
  await post(CREATE);
  const replayed = { nonce: randomUUID(), timestamp: String(Date.now()) };
  await post(FREEZE, replayed);
  await post({ ...FREEZE, status: 'UNFREEZE' });
  expect((await post(FREEZE, replayed)).code).toBe('000000');
  expect((await post({ ...FREEZE, instanceId: 'c' }, replayed)).code).toBe('000001');
  expect((await post({ activity: 'queryInstance', instanceId: 'b' }, replayed)).code).toBe('000001');
  expect(await access.redis.hget(channelKeys(access.slug).instance('b'), 'wanted')).toBe('active');
});

it('answers whatever is too long, of another type or to nobody', async () => {
  const marketplace = await openMarketplace();
  const { app, channel, access } = marketplace;
  const url = `/koogallery/${channel.slug}`;
  const inject = async (options: object) => read(await app.inject({ method: 'POST', url, ...options }));
  const large = Buffer.alloc(65_537, 'x');
  expect((await inject({ payload: large, headers: { 'content-type': 'application/json' } })).code).toBe(
    '000002',
  );
  expect((await inject({ payload: large })).code).toBe('000002');
  expect((await inject({ payload: 'x', headers: { 'content-type': '???' } })).code).toBe('000002');
  const reasons = (await access.redis.xrange(channelKeys(access.slug).strangers, '-', '+')).map(
    ([, line]) => line[5],
  );
  expect(reasons).toEqual(['too-large', 'too-large', expect.stringContaining('Media Type')]);
  expect(await access.redis.keys(`${channelKeys(access.slug).prefix}*`)).toHaveLength(2);
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    expect((await inject({ method })).code).toBe('000001');
  for (const path of ['/', '/x', '/produceAPI/v2/x', '/produceAPI/v3/tenantSync'])
    expect((await inject({ url: url + path })).code).toBe('000001');
  const body = JSON.stringify(CREATE);
  for (const type of ['text/plain', 'application/xml', 'application/json;charset=utf8', undefined]) {
    const { query } = signPost(body);
    const headers = type === undefined ? {} : { 'content-type': type };
    expect((await inject({ url: `${url}?${query}`, payload: body, headers })).code).toBe('000004');
  }
  const nobody = await app.inject({ method: 'POST', url: '/koogallery/nobody', payload: body });
  expect([nobody.statusCode, nobody.json().resultCode]).toEqual([200, '000002']);
  expect(nobody.headers['body-sign']).toBeUndefined();
});

it('reads a body whose names are not sorted and has nulls, over either form', async () => {
  const { app, channel } = await openMarketplace();
  const sorted = JSON.stringify({ activity: 'newInstance', businessId: 'b', orderId: 'o', orderLineId: 'l' });
  const { query, headers } = signPost(sorted);
  const payload =
    ' {"orderLineId": "l", "orderId": "o", "extra": null, "businessId": "b", "activity": "newInstance"}\n';
  const url = `/koogallery/${channel.slug}?${query}`;
  expect(read(await app.inject({ method: 'POST', url, headers, payload })).code).toBe('000004');
});

it('takes kit calls with the key of joint operation alone, and none where there is no such key', async () => {
  const body: JsonObject = { instanceId: 'b', flag: 0, tenantId: 't' };
  const withKey = await openMarketplace();
  expect((await withKey.kit('tenantSync', body, { key: 'other' })).code).toBe('000001');
  const without = await openMarketplace({ channel: { keys: { current: KIT_KEY } } });
  const { json } = {
    json: (
      await without.app.inject({
        method: 'POST',
        url: `/koogallery/${without.channel.slug}/produceAPI/v2/tenantSync`,
        payload: body,
      })
    ).json(),
  };
  expect(json.resultCode).toBe('000001');
});

it('never puts into the audit what is secret or about a person', async () => {
  const { get, kit, access } = await openMarketplace({ channel: { generation: 'saas-v1' } });
  const personal = { customerName: 'Li Lei', userName: 'lilei', mobilePhone: '138', email: 'li@b.example' };
  await get({
    activity: 'newInstance',
    customerId: 'c',
    orderId: 'o',
    productId: 'p',
    businessId: 'b',
    ...personal,
  });
  await get({ activity: 'newInstance', customerId: '', orderId: 'o', ...personal });
  await kit('authSync', {
    instanceId: 'b',
    tenantId: 't',
    flag: 1,
    name: 'Li Lei',
    clientSecret: 'hush',
    ...personal,
  });
  const text = JSON.stringify(await access.redis.xrange(channelKeys(access.slug).calls, '-', '+'));
  expect(text).toContain('newInstance');
  expect(text).not.toMatch(/Li Lei|lilei|li@b|hush|00000000-1111/);
});

it('takes no replay whose nonce has lost digits to its timestamp', async () => {
  const { post, access } = await openMarketplace();
  await post({ activity: 'newInstance', businessId: 'i', orderId: 'o', orderLineId: 'l' });
  const freeze = { activity: 'updateInstanceStatus', instanceId: 'i', status: 'FREEZE' };
  const timestamp = String(Date.now());
  expect((await post(freeze, { nonce: 'ABC0', timestamp })).code).toBe('000000');
  expect((await post({ ...freeze, status: 'NORMAL' })).code).toBe('000000');
  // Both have the same signature.
  expect((await post(freeze, { nonce: 'ABC', timestamp: `0${timestamp}` })).code).toBe('000001');
  expect(await readInstance(access, 'i')).toMatchObject({ wanted: 'active' });
});
