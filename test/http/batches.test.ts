import { expect, it } from 'vitest';
import { createApi } from '../support/api.ts';
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { orderOf } from '../support/installation.ts';
import { makeApp, openInstallation } from '../support/pages.ts';
import { createWorld } from '../support/world.ts';

it('lists batches and shows one, with an ETag', async () => {
  const world = await createWorld();
  const onboarding = openInstallation(world);
  const app = await makeApp(world, {}, { onboarding });
  const { batchId: id } = await onboarding.import(await orderOf(world, makeCustomers(3)));
  const list = (await app.inject('/v1/batches?limit=1&state=running')).json();
  expect(list).toEqual({ batches: [expect.objectContaining({ id, total: 3 })], next: null });
  const one = await app.inject(`/v1/batches/${id}`);
  expect(one.json()).toMatchObject({ id, codes: [], heldBy: [{ reason: 'noWorker' }] });
  const again = await app.inject({
    url: `/v1/batches/${id}`,
    headers: { 'if-none-match': String(one.headers.etag) },
  });
  expect([again.statusCode, again.body]).toEqual([304, '']);
});

it.each([
  ['/v1/batches/nope', 404, 'BATCH_UNKNOWN'],
  ['/v1/batches?limit=0', 400, 'REQUEST_INVALID'],
  ['/v1/batches?cursor=xx', 400, 'REQUEST_INVALID'],
  ['/v1/nothing', 404, 'ROUTE_UNKNOWN'],
  ['/v1/batches/%zz', 400, 'REQUEST_INVALID'],
  [`/v1/batches/${'x'.repeat(200)}`, 404, 'ROUTE_UNKNOWN'],
])('answers %s with a problem', async (url, status, code) => {
  const app = await makeApp(await createWorld());
  const response = await app.inject(url);
  expect([response.statusCode, response.json().code]).toEqual([status, code]);
  expect(response.headers['content-type']).toContain('application/problem+json');
});

it('finds batches by state, name, who and time, each once, page by page, while more come', async () => {
  const { importRows, post, get } = await createApi();
  const ids: string[] = [];
  for (const [name, by] of [
    ['January', 'ann'],
    ['February', 'bob'],
    ['March', 'ann'],
  ] as const)
    ids.push(await importRows([makeCustomer(ids.length)], { name, by }));
  const [first = '', second = '', third = ''] = ids;
  await post(`/v1/batches/${second}/cancel`);
  const find = async (query: string) =>
    (await get(`/v1/batches?${query}`)).json.batches.map((batch: { id: string }) => batch.id);
  expect(await find('')).toEqual([third, second, first]);
  expect(await find('state=finished')).toEqual([second]);
  expect(await find('state=finished&state=running')).toEqual([third, second, first]);
  expect(await find('name=UAR')).toEqual([second, first]);
  expect(await find('by=ann&name=mar')).toEqual([third]);
  const { created } = (await get(`/v1/batches/${second}`)).json;
  expect(await find(`from=${created}`)).toEqual([third, second]);
  expect(await find(`to=${created}`)).toEqual([first]);
  expect(await find(`from=${encodeURIComponent('2099-01-01T00:00:00+08:00')}`)).toEqual([]);
  const seen: string[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const { json } = await get(`/v1/batches?limit=1${next === '' ? '' : `&cursor=${next}`}`);
    seen.push(...json.batches.map((batch: { id: string }) => batch.id));
    next = json.next;
    await importRows([makeCustomer(10 + seen.length)]);
  }
  expect(seen).toEqual([third, second, first]);
});
