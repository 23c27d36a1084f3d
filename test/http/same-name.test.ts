import { expect, it } from 'vitest';
import { makeKey, ownDatabase } from '../support/api.ts';
import { makeCustomer } from '../support/customers.ts';
import { logIn, makeApp, makeUsers, openInstallation } from '../support/pages.ts';
import { uniqueName } from '../support/redis.ts';
import { batchParts, customerParts, post } from '../support/uploads.ts';
import { createWorld } from '../support/world.ts';

it('keeps a user apart from a key of the same name: neither sees the drafts or the answers of the other', async () => {
  const world = await createWorld({ redisUrl: ownDatabase(9) });
  const users = await makeUsers(world);
  const onboarding = openInstallation(world, users);
  const app = await makeApp(world, users, { onboarding });
  const cookie = await logIn(app, 'operator');
  const { authorization } = await makeKey(onboarding, { role: 'operator', name: 'operator' });

  const draft = await post(app, '/v1/drafts', batchParts([makeCustomer(1)]), { headers: cookie });
  const url = `/v1/drafts/${draft.json().id}`;
  expect((await app.inject({ url, headers: cookie })).statusCode).toBe(200);
  expect((await app.inject({ url, headers: { authorization } })).json().code).toBe('DRAFT_UNKNOWN');

  const key = { 'idempotency-key': uniqueName() };
  const parts = customerParts(makeCustomer(2));
  const add = (who: Record<string, string>) =>
    post(app, '/v1/customers', parts, { headers: { ...key, ...who } });
  const first = await add(cookie);
  const other = await add({ authorization });
  expect([first.statusCode, other.statusCode]).toEqual([202, 202]);
  expect(other.headers['idempotent-replayed']).toBeUndefined();
  expect(other.json()).not.toEqual(first.json());
  expect((await add(cookie)).json()).toEqual(first.json());
});
