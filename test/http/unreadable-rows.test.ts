/** A row that Redis has damaged hides no other, and is named wherever it is asked for. */
import { expect, it } from 'vitest';
import { accountKeys, batchKeys } from '../../src/redis/keys.ts';
import { createApi } from '../support/api.ts';

const told = (row: number) =>
  expect.objectContaining({ row, code: 'ROW_UNREADABLE', hint: expect.stringContaining('Redis') });
const numbersOf = (list: { row: number }[]) => list.map(({ row }) => row);

async function createDamaged() {
  const api = await createApi();
  const { redis, account } = api.world.open;
  const id = await api.importRows(6);
  await api.fail(id, 1);
  await api.submit(id, 2);
  await api.submit(id, 5);
  const keys = batchKeys(account.ledger, id);
  await redis.hset(keys.rows, 3, '{"outcome":');
  await redis.hset(keys.inputs, 4, '[]');
  await redis.hset(accountKeys(account.ledger).submitted, 'C100005', 'nothing');
  return {
    ...api,
    id,
    find: async (query: string) => (await api.get(`/v1/batches/${id}/rows?${query}`)).json,
  };
}

it('shows the other rows of a page, and which are damaged: their record, their input, or their submit', async () => {
  const { find } = await createDamaged();
  const all = await find('');
  expect(numbersOf(all.rows)).toEqual([1, 2, 6]);
  expect(all).toMatchObject({ unreadable: [told(3), told(4), told(5)], next: null });
  // A damaged row takes its place on a page, so that no answer grows with the damage.
  const first = await find('limit=3');
  expect([numbersOf(first.rows), numbersOf(first.unreadable)]).toEqual([[1, 2], [3]]);
  const second = await find(`limit=3&cursor=${first.next}`);
  expect([numbersOf(second.rows), numbersOf(second.unreadable), second.next]).toEqual([[6], [4, 5], null]);
});

it('tells of a damaged row among those of a filter, as nobody knows whether it fits', async () => {
  const { find } = await createDamaged();
  const waiting = await find('outcome=pending');
  expect([numbersOf(waiting.rows), numbersOf(waiting.unreadable)]).toEqual([[6], [3, 4]]);
  const awaited = await find('review=awaited');
  expect([numbersOf(awaited.rows), numbersOf(awaited.unreadable)]).toEqual([[2], [5]]);
  const found = await find('q=C100003');
  expect([numbersOf(found.rows), numbersOf(found.unreadable)]).toEqual([[], [3]]);
  expect(await find('outcome=failed')).toMatchObject({ rows: [{ row: 1 }], unreadable: [] });
});

it('lists the reviews that are awaited, but for the name that nobody can read', async () => {
  const { id, get, world } = await createDamaged();
  const { redis, account } = world.open;
  await redis.hdel(accountKeys(account.ledger).submitted, 'C100005');
  await redis.hset(batchKeys(account.ledger, id).rows, 2, 'nothing');
  const [review] = (await get(`/v1/reviews?account=${account.name}`)).json.reviews;
  expect(review).toMatchObject({ custSpaceId: 'C100002', row: 2 });
  expect(review).not.toHaveProperty('custName');
});

it('shows the batch, and answers a question for the damaged row itself with a code', async () => {
  const { id, get } = await createDamaged();
  expect(await get(`/v1/batches/${id}`)).toMatchObject({ status: 200, json: { total: 6 } });
  for (const row of [3, 4, 5])
    expect(await get(`/v1/batches/${id}/rows/${row}`)).toMatchObject({
      status: 500,
      json: { code: 'ROW_UNREADABLE', detail: expect.stringContaining(`Row ${row} of batch ${id}`) },
    });
  expect((await get('/v1/customers/C100003')).json.code).toBe('ROW_UNREADABLE');
});
