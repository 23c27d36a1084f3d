import { setImmediate } from 'node:timers/promises';
import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import type { Api } from '../../src/http/api-instance.ts';
import { addIdempotency, digestOf } from '../../src/http/idempotency/idempotency.ts';
import { seal, unseal } from '../../src/http/idempotency/seal.ts';
import { answerKey } from '../../src/redis/keys.ts';
import { createApi } from '../support/api.ts';
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { makeApp, openInstallation } from '../support/pages.ts';
import { uniqueName } from '../support/redis.ts';
import { batchParts, customerParts, post } from '../support/uploads.ts';
import { createWorld, type World } from '../support/world.ts';

const key = () => ({ 'idempotency-key': uniqueName() });

/** What a request of nobody in particular is kept under. */
const keptUnder = (url: string, headers: ReturnType<typeof key>) =>
  answerKey(digestOf([JSON.stringify(['local', 'local', null]), url, headers['idempotency-key']]));

/** As if the process had died before it could keep the answer, and its hold had lapsed. */
async function loseAnswer({ redis }: World, url: string, headers: ReturnType<typeof key>) {
  expect(await redis.del(keptUnder(url, headers))).toBe(1);
}

it('finds a batch that was finished, though its answer was lost', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const headers = key();
  const parts = batchParts(makeCustomers(2));
  const first = await post(app, '/v1/batches', parts, { headers });
  await loseAnswer(world, '/v1/batches', headers);
  const again = await post(app, '/v1/batches', parts, { headers });
  expect([again.statusCode, again.json().id]).toEqual([202, first.json().id]);
  expect((await world.open.ledger.listBatches(10)).length).toBe(1);
  // Without the key, or under another one, it is another import.
  expect((await post(app, '/v1/batches', parts, { headers: key() })).json().id).not.toBe(first.json().id);
});

it('completes a batch that was interrupted', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const headers = key();
  const parts = batchParts(makeCustomers(2));
  const { ledger } = world.open;
  const { id } = (await post(app, '/v1/batches', parts, { headers })).json();
  await loseAnswer(world, '/v1/batches', headers);
  // Unsealed again, and without its rows: as it was right after it had begun.
  const batch = await ledger.requireBatch(id);
  await world.redis.hdel(`{${world.open.account.ledger}}:ledger:batch:${id}`, 'sealedAt');
  const again = await post(app, '/v1/batches', parts, { headers });
  expect([again.statusCode, again.json().id]).toEqual([202, id]);
  expect(await ledger.requireBatch(id)).toMatchObject({ total: batch.total, sealedAt: expect.any(Number) });
  expect((await ledger.listBatches(10)).length).toBe(1);
});

it('is noted where it completes what another request began', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const parts = batchParts(makeCustomers(2));
  const { id } = (await post(app, '/v1/batches', parts)).json();
  // Interrupted before it was sealed.
  const { ledger } = world.open.account;
  const sourceKey = (await world.redis.hget(`{${ledger}}:ledger:batch:${id}`, 'sourceKey')) ?? '';
  await world.redis.hdel(`{${ledger}}:ledger:batch:${id}`, 'sealedAt');
  await world.redis.hset(`{${ledger}}:ledger:sources`, sourceKey, id);
  const headers = key();
  expect((await post(app, '/v1/batches', parts, { headers })).json().id).toBe(id);
  await loseAnswer(world, '/v1/batches', headers);
  expect((await post(app, '/v1/batches', parts, { headers })).json().id).toBe(id);
});

it('is not told that a batch is under way which was cancelled', async () => {
  const world = await createWorld();
  const onboarding = openInstallation(world);
  const app = await makeApp(world, {}, { onboarding });
  const headers = key();
  const parts = batchParts(makeCustomers(2));
  const { id } = (await post(app, '/v1/batches', parts, { headers })).json();
  await loseAnswer(world, '/v1/batches', headers);
  // Interrupted, and then cancelled: sealed though its rows are not there.
  await world.redis.hdel(`{${world.open.account.ledger}}:ledger:batch:${id}`, 'sealedAt');
  await onboarding.cancel(id, { by: 'test' });
  const again = await post(app, '/v1/batches', parts, { headers });
  expect([again.statusCode, again.json().code]).toEqual([409, 'BATCH_STATE']);
});

it('finds the row of a customer, though its answer was lost', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const headers = key();
  const parts = customerParts(makeCustomer(1));
  const first = await post(app, '/v1/customers', parts, { headers });
  await loseAnswer(world, '/v1/customers', headers);
  const again = await post(app, '/v1/customers', parts, { headers });
  expect(again.json()).toEqual(first.json());
  expect(await world.open.ledger.requireBatch(first.json().batch)).toMatchObject({ total: 1 });
});

it('does one thing for twins that come at the same time', async () => {
  const world = await createWorld();
  const onboarding = openInstallation(world);
  const apps = [await makeApp(world, {}, { onboarding }), await makeApp(world)] as const;
  const headers = key();
  const parts = customerParts(makeCustomer(1));
  const answers = await Promise.all(apps.map((app) => post(app, '/v1/customers', parts, { headers })));
  for (const { statusCode, headers: told } of answers) {
    expect([202, 409]).toContain(statusCode);
    if (statusCode === 409) expect(Number(told['retry-after'])).toBeGreaterThan(0);
  }
  const [batch] = await world.open.ledger.listBatches(10);
  expect(batch?.total).toBe(1);
});

it('keeps answers so that only the request itself can read them', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const headers = key();
  const { batch } = (await post(app, '/v1/customers', customerParts(makeCustomer(1)), { headers })).json();
  const kept = await world.redis.hgetall(keptUnder('/v1/customers', headers));
  expect(kept.answer).toBeDefined();
  expect(JSON.stringify(kept)).not.toContain(batch);
  expect(unseal(seal('text', 'one'), 'one')).toBe('text');
  expect(() => unseal(seal('text', 'one'), 'two')).toThrow();
});

it('does nothing again that was answered, however long the answer takes', async () => {
  const world = await createWorld();
  const app = Fastify();
  onTestFinished(() => app.close());
  let times = 0;
  app.decorateRequest('user', undefined);
  app.addHook('onRequest', async (request) => {
    request.user = { kind: 'local', name: 'local', role: 'operator' };
  });
  addIdempotency(app as unknown as Api, openInstallation(world));
  app.addHook('onSend', async (_request, _reply, payload) => {
    await setImmediate();
    return payload;
  });
  app.post('/any', async () => ({ times: ++times }));
  const order = { method: 'POST', url: '/any', headers: key() } as const;
  expect((await app.inject(order)).json()).toEqual({ times: 1 });
  const again = await app.inject(order);
  expect([again.json(), again.headers['idempotent-replayed'], times]).toEqual([{ times: 1 }, 'true', 1]);
});

it('keeps no answer that is large, or that changed nothing', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const rows = Array.from({ length: 50 }, (_, index) =>
    makeCustomer(index, { CustName: 'x'.repeat(2_000), IsvTerms: 'missing.pdf' }),
  );
  const parts = batchParts(rows).slice(0, 1);
  for (const url of ['/v1/drafts', '/v1/batches/validate', '/v1/batches?dryRun=true']) {
    const headers = key();
    const { statusCode } = await post(app, url, parts, { headers });
    expect(statusCode).toBeLessThan(500);
    expect(await world.redis.exists(keptUnder(url, headers))).toBe(0);
  }
});

it('takes no row twice for one retry, though its process was killed in the middle of it', async () => {
  const { world, importRows, fail, post: ask, get } = await createApi();
  const id = await importRows(3);
  await fail(id, 1);
  await fail(id, 2);
  const url = `/v1/batches/${id}/retry`;
  const headers = key();
  expect((await ask(url, { allFailed: true }, headers)).json.rows).toBe(2);
  // Killed before it kept the answer; one of the rows has failed again, another one for the first time.
  await loseAnswer(world, url, headers);
  await fail(id, 1);
  await fail(id, 3);
  const again = await ask(url, { allFailed: true }, headers);
  expect([again.status, again.json.rows, again.json.left]).toEqual([200, 3, 0]);
  const outcomes = (await get(`/v1/batches/${id}/rows`)).json.rows.map(
    ({ outcome }: { outcome: string }) => outcome,
  );
  expect(outcomes).toEqual(['failed', 'pending', 'pending']);
  expect((await get(`/v1/batches/${id}`)).json.redrives).toHaveLength(1);
  // Under another key it is another retry.
  expect((await ask(url, { allFailed: true }, key())).json.rows).toBe(1);
  // A batch that somebody has cancelled since stays cancelled.
  await loseAnswer(world, url, headers);
  await fail(id, 2);
  await ask(`/v1/batches/${id}/cancel`);
  expect((await ask(url, { allFailed: true }, headers)).status).toBe(409);
});
