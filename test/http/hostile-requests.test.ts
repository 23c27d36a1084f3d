/** What must not get in: by a wrong key, by somebody else's Idempotency-Key, or as a cell that a spreadsheet runs. */
import { expect, it } from 'vitest';
import { createApi, makeKey, ownDatabase } from '../support/api.ts';
import { makeCustomer } from '../support/customers.ts';
import { uniqueName } from '../support/redis.ts';
import { batchParts, customerParts, encodeParts, type Part, post } from '../support/uploads.ts';

const batch = batchParts([makeCustomer(1)]);

it('enqueues nothing for a wrong key, and gives nobody the answer of somebody else', async () => {
  const { app, world, onboarding } = await createApi({ redisUrl: ownDatabase(9) });
  const [one, other] = [
    await makeKey(onboarding, { role: 'operator' }),
    await makeKey(onboarding, { role: 'operator' }),
  ];
  const { authorization: viewer } = await makeKey(onboarding, { role: 'viewer' });
  const ask = (path: string, parts: readonly Part[], authorization: string, key = {}) =>
    post(app, path, parts, { headers: { authorization, ...key } });
  for (const [authorization, status] of [
    [one.authorization.replace(/.{4}$/, 'AAAA'), 401],
    ['Bearer onboard.__proto__.x', 401],
    ['Basic b3BzOm9wcw==', 401],
    [viewer, 403],
  ] as const)
    for (const [path, parts] of [
      ['/v1/batches', batch],
      ['/v1/customers', customerParts(makeCustomer(1))],
      ['/v1/drafts', batch],
    ] as const)
      expect([path, (await ask(path, parts, authorization)).statusCode]).toEqual([path, status]);
  expect(await world.open.ledger.listBatches(10)).toEqual([]);

  const key = { 'idempotency-key': uniqueName() };
  const first = await ask('/v1/batches', batch, one.authorization, key);
  const forged = await ask('/v1/batches', batch, other.authorization, key);
  expect(forged.headers['idempotent-replayed']).toBeUndefined();
  expect([first.statusCode, forged.statusCode, forged.json().id === first.json().id]).toEqual([
    202,
    202,
    false,
  ]);
  expect((await ask('/v1/batches', batch, viewer, key)).statusCode).toBe(403);
  const batches = await world.open.ledger.listBatches(10);
  expect(batches.map(({ by }) => by).sort()).toEqual([one.name, other.name].sort());
});

it('gives back no cell that a spreadsheet would run', async () => {
  const { app, world } = await createApi();
  const formula = '=HYPERLINK("https://evil.example")';
  const parts = batchParts([makeCustomer(1, { ContactMail: formula })]);
  const { id } = (await post(app, '/v1/drafts', parts)).json();
  const { body: table } = await app.inject(`/v1/drafts/${id}/errors.csv`);
  expect(table).toContain('"\'=HYPERLINK(');
  const { headers, payload } = encodeParts(parts);
  const asked = { headers: { ...headers, accept: 'text/csv' }, payload };
  const checked = await app.inject({ method: 'POST', url: '/v1/batches/validate', ...asked });
  for (const text of [table, checked.body]) expect(text).not.toMatch(/(^|[,;\t"])=/m);
  expect((await post(app, '/v1/batches', parts)).statusCode).toBe(422);
  expect(await world.open.ledger.listBatches(10)).toEqual([]);
});
