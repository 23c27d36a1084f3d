/** What drafts say of the account that they are for, and of the batch that was made of them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Drafts } from '../../src/draft/drafts.ts';
import { WORKING } from '../../src/pace/heartbeats.ts';
import { createApi } from '../support/api.ts';
import { makeCustomers } from '../support/customers.ts';
import { batchParts, csvOf, post } from '../support/uploads.ts';
import { createWorld } from '../support/world.ts';

const rows = makeCustomers(20).slice(10);

it('takes as long as the pace of its account and what goes before it, and says that it is a rehearsal', async () => {
  const { app, world, importRows } = await createApi();
  const make = async (options: object = {}) =>
    (await post(app, '/v1/drafts', batchParts(rows, options))).json();
  // Nothing moves without a worker, so nobody knows.
  const draft = await make();
  expect([draft.peer, draft.etaSeconds]).toEqual(['rehearsal', undefined]);
  const { heartbeats, pacer } = world.open;
  await heartbeats.beat(WORKING);
  const perRow = (await pacer.slowestIntervalMs()) / 1_000;
  const etaOf = async (id: string) => (await app.inject(`/v1/drafts/${id}`)).json().etaSeconds;
  expect(await etaOf(draft.id)).toBeCloseTo(10 * perRow, 6);
  await importRows(5);
  expect(await etaOf(draft.id)).toBeCloseTo(15 * perRow, 6);
  // One that goes before others does not wait for them.
  expect((await make({ priority: 2 })).etaSeconds).toBeCloseTo(10 * perRow, 6);
  const lost = await make({ account: 'nobody' });
  expect([lost.rows.good, lost.peer, lost.etaSeconds]).toEqual([10, undefined, undefined]);
});

it('says that its batch was purged, and is not registered once more', async () => {
  const { app } = await createApi();
  const { id } = (await post(app, '/v1/drafts', batchParts(rows))).json();
  const order = { method: 'POST', url: `/v1/drafts/${id}/import` } as const;
  const batch = (await app.inject(order)).json().id;
  const look = async () => {
    const [one, all] = await Promise.all([app.inject(`/v1/drafts/${id}`), app.inject('/v1/drafts')]);
    return [one.json(), all.json().drafts[0]];
  };
  for (const seen of await look()) {
    expect(seen.batch).toBe(batch);
    expect(seen).not.toHaveProperty('isPurged');
  }
  await app.inject({ method: 'POST', url: `/v1/batches/${batch}/cancel` });
  expect((await app.inject({ method: 'DELETE', url: `/v1/batches/${batch}` })).statusCode).toBe(200);
  for (const seen of await look()) expect(seen).toMatchObject({ batch, isPurged: true });
  const again = await app.inject(order);
  expect([again.statusCode, again.json()]).toMatchObject([
    409,
    { code: 'BATCH_STATE', detail: expect.stringContaining('purged') },
  ]);
  expect((await app.inject({ method: 'DELETE', url: `/v1/drafts/${id}` })).statusCode).toBe(204);
});

it('is not among the twenty of its owner once it is registered', async () => {
  const root = join((await createWorld()).folder, 'drafts');
  const drafts = new Drafts(root);
  const draft = { name: 'c.csv', options: {}, remarks: [] };
  const add = async (number: number) => {
    const folder = join(root, 'uploads', `up-${number}`);
    for (const part of ['table', 'agreements']) await mkdir(join(folder, part), { recursive: true });
    await writeFile(join(folder, 'table', 'c.csv'), csvOf(rows));
    return drafts.add('me', folder, draft);
  };
  const [first] = [await add(0)];
  for (let number = 1; number < 20; number++) await add(number);
  await expect(add(20)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  await drafts.register('me', first.id, async () => 'b1');
  await add(21);
  expect((await drafts.list('me')).length).toBe(21);
});
