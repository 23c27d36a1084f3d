import { expect, it } from 'vitest';
import { createApi } from '../support/api.ts';

it('says who asks, how accounts stand, and pauses one', async () => {
  const { world, importRows, get, post } = await createApi({ more: { ONBOARD_BASE_PATH: '/isv' } });
  const { name } = world.account;
  await importRows(2);
  const session = (await get('/isv/v1/session')).json;
  expect(session).toMatchObject({
    user: { name: 'local', role: 'operator' },
    ...{ hasLogin: false, isRehearsal: true, accounts: [name], apiBase: '/isv/v1' },
  });
  const { accounts } = (await get('/isv/v1/accounts')).json;
  expect(accounts).toEqual([
    expect.objectContaining({ name, peer: 'rehearsal', rowsLeft: 2, isPaused: false }),
  ]);
  const paused = (await post(`/isv/v1/accounts/${name}/pause`)).json.account;
  expect(paused).toMatchObject({
    isPaused: true,
    pause: { by: 'local', since: expect.stringMatching(/Z$/) },
  });
  expect(paused.heldBy.map(({ reason }: { reason: string }) => reason)).toContain('accountPaused');
  expect((await post(`/isv/v1/accounts/${name}/resume`)).json.account.isPaused).toBe(false);
  expect((await post('/isv/v1/accounts/nobody/pause')).json.code).toBe('ACCOUNT_UNKNOWN');
});

it('tells the story of a customer, and records how a review ended', async () => {
  const { world, importRows, submit, get, post } = await createApi();
  const id = await importRows(3);
  for (const row of [1, 2, 3]) await submit(id, row);
  const first = (await get('/v1/reviews?limit=2')).json;
  expect(first.reviews).toMatchObject([{ custSpaceId: 'C100001', batch: id, row: 1 }, { row: 2 }]);
  expect(first.reviews[0]).toMatchObject({ custName: expect.stringContaining('公司 1'), isOverdue: false });
  expect(first.counts).toMatchObject({ awaited: 3, overdue: 0 });
  const second = (await get(`/v1/reviews?limit=2&cursor=${first.next}`)).json;
  expect([second.reviews.map(({ row }: { row: number }) => row), second.next]).toEqual([[3], null]);
  const date = new Date().toISOString().slice(0, 10);
  const review = { as: 'approved', date, evidence: 'ticket 1' };
  const recorded = await post('/v1/reviews', { batch: id, row: 1, ...review });
  expect([recorded.status, recorded.json]).toEqual([
    201,
    { account: world.account.name, custSpaceId: 'C100001', batch: id, row: 1, ...review, isNew: true },
  ]);
  expect((await post('/v1/reviews', { row: 1, ...review })).status).toBe(400);
  expect((await post('/v1/reviews', { custSpaceId: 'C100001', ...review, date: 'soon' })).status).toBe(422);
  const story = (await get('/v1/customers/C100001')).json;
  expect(story).toMatchObject({
    ...{ custSpaceId: 'C100001', account: world.account.name, parked: [], left: 0 },
    submitted: { batch: id, row: 1, requestId: 'request-1', isOfFormerPeer: false },
    review: { as: 'approved', by: 'local', evidence: 'ticket 1' },
    history: [{ batch: id, row: 1, outcome: 'submitted', by: 'test', log: [{ action: 'review' }] }],
  });
  expect((await get('/v1/customers/C999999')).json.code).toBe('CUSTOMER_UNKNOWN');
});

it('shows what the peer listed of a customer, and calls it no review', async () => {
  const { world, importRows, submit, get } = await createApi();
  const id = await importRows(1);
  await submit(id, 1);
  const paths = ['/v1/customers/C100001', `/v1/batches/${id}/rows/1`];
  for (const path of paths) expect((await get(path)).json).not.toHaveProperty('observation');
  const [at, seen] = [Date.UTC(2026, 0, 31), { instanceId: 'i-1', state: 'published', isvTerms: 'a.pdf' }];
  await world.open.ledger.keepObserved({ at, generation: 1 }, [{ custSpaceId: 'C100001', ...seen }]);
  const expected = { at: '2026-01-31T00:00:00.000Z', instances: [seen] };
  for (const path of paths)
    expect((await get(path)).json).toMatchObject({ observation: expected, review: { as: 'awaited' } });
  // What another peer listed says nothing of this one.
  await world.open.ledger.keepObserved({ at, generation: 2 }, [{ custSpaceId: 'C100001', ...seen }]);
  for (const path of paths) expect((await get(path)).json).not.toHaveProperty('observation');
});

it('examines the installation for one at a time, and not all the time', async () => {
  const { get } = await createApi();
  const [one, other] = await Promise.all([get('/v1/doctor'), get('/v1/doctor')]);
  expect(one.json.findings).toContainEqual(
    expect.objectContaining({ level: 'ok', subject: 'configuration' }),
  );
  expect([other.status, other.json.code]).toEqual([409, 'DOCTOR_RUNNING']);
  const soon = await get('/v1/doctor');
  expect([soon.status, Number(soon.headers['retry-after'])]).toEqual([429, expect.closeTo(30, -1)]);
});
