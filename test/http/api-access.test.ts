import { expect, it } from 'vitest';
import { createApi, makeKey, ownDatabase } from '../support/api.ts';

const VERBS = ['retry', 'cancel', 'pause', 'resume', 'priority'];

it('lets viewers look and operators act, and keeps a key to its account', async () => {
  const api = await createApi({ redisUrl: ownDatabase(6) });
  const { world, onboarding, importRows, get, post } = api;
  const id = await importRows(1);
  const viewer = await makeKey(onboarding, { role: 'viewer' });
  const own = await makeKey(onboarding, { role: 'operator', account: world.account.name });
  const other = await makeKey(onboarding, { role: 'operator', account: 'other' });
  expect((await get('/v1/batches')).json.code).toBe('UNAUTHENTICATED');
  for (const path of ['', '/rows', '/rows/1', '/log', '/rate', '/results?kind=failed']) {
    expect((await get(`/v1/batches/${id}${path}`, viewer)).status).toBe(200);
    expect((await get(`/v1/batches/${id}${path}`, own)).status).toBe(200);
    const hidden = await get(`/v1/batches/${id}${path}`, other);
    expect([hidden.status, hidden.json.detail]).toEqual([404, `There is no batch ${id}.`]);
  }
  expect((await get(`/v1/batches/${id}/events`, other)).status).toBe(404);
  const bodies: Record<string, object> = { retry: { allFailed: true }, priority: { priority: 7 } };
  for (const verb of VERBS) {
    const url = `/v1/batches/${id}/${verb}`;
    expect((await post(url, bodies[verb], viewer)).json.code).toBe('FORBIDDEN');
    expect((await post(url, bodies[verb], other)).json.code).toBe('BATCH_UNKNOWN');
  }
  const review = { batch: id, row: 1, as: 'approved', date: '2026-01-01', evidence: 'x' };
  expect((await post('/v1/reviews', review, other)).json.code).toBe('BATCH_UNKNOWN');
  expect((await post(`/v1/accounts/${world.account.name}/pause`, undefined, other)).status).toBe(404);
  expect((await get(`/v1/batches?account=${world.account.name}`, other)).json.code).toBe('ACCOUNT_UNKNOWN');
  expect((await get(`/v1/customers/C100001?account=${world.account.name}`, other)).status).toBe(404);
  for (const path of ['batches', 'accounts', 'reviews', 'customers/C100001', 'events']) {
    const hidden = await get(`/v1/${path}`, other);
    expect([path, hidden.json.code]).toEqual([path, 'ACCOUNT_UNKNOWN']);
    expect(hidden.body).not.toContain(world.account.name);
  }
  expect((await get('/v1/doctor', own)).json.code).toBe('FORBIDDEN');
  expect((await get('/v1/session', other)).json).toMatchObject({ user: { account: 'other' }, accounts: [] });
  expect((await get('/v1/batches', own)).json.batches).toMatchObject([{ id }]);
  expect((await post(`/v1/batches/${id}/pause`, undefined, own)).json.batch.paused.by).toBe(own.name);
  expect((await get('/openapi.json', viewer)).json.openapi).toBe('3.1.0');
});

it('refuses what is hostile with a problem that says nothing of the inside', async () => {
  const { app, importRows, get, post } = await createApi();
  const id = await importRows(1);
  const rows = `/v1/batches/${id}/rows`;
  const evil = Buffer.from('{"created":{},"id":"x"}').toString('base64url');
  for (const url of [
    ...[`${rows}?cursor=`, `${rows}?cursor=LTE`, `${rows}?cursor=${'A'.repeat(501)}`, `${rows}?limit=501`],
    ...[`${rows}?limit=1e9`, `${rows}?outcome=nothing`, `${rows}?q=`, `${rows}/0`],
    ...[
      `${rows}/1e99`,
      `/v1/batches?cursor=${evil}`,
      '/v1/batches?from=yesterday',
      '/v1/reviews?olderThanDays=-1',
    ],
  ]) {
    const { status, json } = await get(url);
    expect([url, status, json.code]).toEqual([url, 400, 'REQUEST_INVALID']);
  }
  expect((await get('/v1/batches/__proto__')).json.code).toBe('BATCH_UNKNOWN');
  expect((await get('/v1/batches/a%2F..%2Fb')).json.code).toBe('BATCH_UNKNOWN');
  expect((await get('/v1/customers/__proto__')).json.code).toBe('CUSTOMER_UNKNOWN');
  const retry = (payload: string, headers = {}) =>
    post(`/v1/batches/${id}/retry`, payload, { 'content-type': 'application/json', ...headers });
  for (const payload of [
    '{"__proto__":{"allFailed":true}}',
    '{"constructor":{"prototype":1}}',
    '{',
    '',
    '[]',
    'null',
  ])
    expect([payload, (await retry(payload)).status]).toEqual([payload, 400]);
  expect((await retry('<x/>', { 'content-type': 'application/xml' })).json.code).toBe('MEDIA_TYPE_REFUSED');
  expect((await retry(`{"codes":["${'x'.repeat(70_000)}"]}`)).json.code).toBe('BODY_TOO_LARGE');
  expect((await get('/v1/batches', { host: 'evil.example' })).json.code).toBe('HOST_REFUSED');
  const foreign = await post(`/v1/batches/${id}/cancel`, undefined, { origin: 'https://evil.example' });
  expect([foreign.status, foreign.json.code]).toEqual([403, 'ORIGIN_REFUSED']);
  expect((await get(`/v1/batches/${id}`)).json.state).toBe('running');
  expect((await app.inject({ method: 'PUT', url: `/v1/batches/${id}` })).json().code).toBe('ROUTE_UNKNOWN');
});

it('answers 503 without a word of where Redis is while it is away', async () => {
  const { onboarding, get } = await createApi();
  await onboarding.close();
  const { status, json, headers } = await get('/v1/batches');
  expect([status, headers['content-type'], headers['retry-after']]).toEqual([
    503,
    expect.stringContaining('problem+json'),
    '5',
  ]);
  expect(JSON.stringify(json)).not.toMatch(/127\.0\.0\.1|redis:/);
});
