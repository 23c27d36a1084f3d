import { expect, it } from 'vitest';
import { createApi } from '../support/api.ts';

it('pauses, resumes, cancels, retries and deletes a batch under the name of who asks', async () => {
  const { app, importRows, fail, post, get } = await createApi();
  const id = await importRows(3);
  const act = async (verb: string, payload?: object) => {
    const { status, json } = await post(`/v1/batches/${id}/${verb}`, payload);
    return status === 200 ? json.batch.state : [status, json.code];
  };
  expect(await act('pause')).toBe('paused');
  expect((await get(`/v1/batches/${id}`)).json.paused).toEqual({ at: expect.any(String), by: 'local' });
  expect(await act('pause')).toEqual([409, 'BATCH_STATE']);
  expect(await act('resume')).toBe('running');
  await fail(id, 1);
  expect(await act('retry', {})).toEqual([400, 'REQUEST_INVALID']);
  expect(await act('retry', { rows: [99] })).toEqual([400, 'USAGE']);
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const retried = (await post(`/v1/batches/${id}/retry`, { codes: ['AGREEMENT_LOST'], at: later })).json;
  expect(retried).toMatchObject({ batch: { id }, rows: 1, left: 0, examples: [] });
  expect((await get(`/v1/batches/${id}/rows/1`)).json).toMatchObject({
    outcome: 'pending',
    notBefore: later,
  });
  expect(await act('cancel')).toBe('finished');
  const log = (await get(`/v1/batches/${id}/log`)).json.log as { action: string; by: string }[];
  expect(log.slice(1).map(({ action, by }) => `${action} ${by}`)).toEqual([
    ...['pause local', 'resume local', 'retry local', 'cancel local'],
  ]);
  const gone = await app.inject({ method: 'DELETE', url: `/v1/batches/${id}` });
  expect([gone.statusCode, gone.json()]).toEqual([200, { rows: 3 }]);
  expect((await get(`/v1/batches/${id}`)).status).toBe(404);
});

it('lets a batch go first: what waits now, and what is given a job later', async () => {
  const { world, importRows, move, post, get } = await createApi();
  const id = await importRows(3);
  const { upload, submit } = world.open.queues;
  await move(id, 1, 'uploading');
  const answer = await post(`/v1/batches/${id}/priority`, { priority: 5 });
  expect([answer.status, answer.json.batch.priority]).toEqual([200, 5]);
  const priorities = (await upload.getPrioritized()).map(({ id: job, priority }) => [job, priority]);
  expect(priorities).toEqual([
    [`up-${id}-2`, 5],
    [`up-${id}-3`, 5],
    [`up-${id}-1`, 100],
  ]);
  expect(await submit.getPrioritizedCount()).toBe(0);
  expect((await world.open.ledger.readForRun(id, 1))?.priority).toBe(5);
  expect((await get(`/v1/batches/${id}/log`)).json.log.at(-1)).toMatchObject({
    action: 'priority',
    details: '5',
  });
  for (const priority of [1, 1_000_001, 2.5, '5'])
    expect((await post(`/v1/batches/${id}/priority`, { priority })).status).toBe(400);
  await post(`/v1/batches/${id}/cancel`);
  expect((await post(`/v1/batches/${id}/priority`, { priority: 9 })).json.code).toBe('BATCH_STATE');
});

it('settles a parked row, once', async () => {
  const { importRows, park, post } = await createApi();
  const id = await importRows(1);
  const settle = (row: number) => post(`/v1/batches/${id}/rows/${row}/settle`, { as: 'submitted' });
  expect((await settle(1)).json.code).toBe('ROW_STATE');
  await park(id, 1);
  expect((await settle(1)).json).toMatchObject({ row: 1, outcome: 'submitted', review: { as: 'awaited' } });
  expect((await settle(1)).status).toBe(409);
  expect((await settle(2)).json.code).toBe('ROW_UNKNOWN');
});
