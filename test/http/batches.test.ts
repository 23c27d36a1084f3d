import { expect, it } from 'vitest';
import { makeCustomers } from '../support/customers.ts';
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
