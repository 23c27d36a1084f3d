import { expect, it } from 'vitest';
import { createApi } from '../support/api.ts';
import { makeCustomer } from '../support/customers.ts';

const numbersOf = (json: { rows: { row: number }[] }) => json.rows.map(({ row }) => row);

it('finds rows by outcome, code, review, id and name, and says what became of each', async () => {
  const { importRows, submit, fail, park, get } = await createApi();
  const id = await importRows([1, 2, 3, 4, 5].map((n) => makeCustomer(n)));
  await submit(id, 1);
  await fail(id, 2, 'AGREEMENT_LOST');
  await park(id, 3);
  const find = async (query: string) => numbersOf((await get(`/v1/batches/${id}/rows?${query}`)).json);
  expect(await find('outcome=failed')).toEqual([2, 3]);
  expect(await find('outcome=failed&outcome=submitted')).toEqual([1, 2, 3]);
  expect(await find('code=AGREEMENT_LOST')).toEqual([2]);
  expect(await find('code=AGREEMENT_LOST&outcome=pending')).toEqual([]);
  expect(await find('review=awaited')).toEqual([1]);
  expect(await find('review=approved')).toEqual([]);
  expect(await find('q=C100004')).toEqual([4]);
  expect(await find('q=C100004&outcome=failed')).toEqual([]);
  expect(await find(`q=${encodeURIComponent('公司 5 & sö')}`)).toEqual([5]);
  const { json } = await get(`/v1/batches/${id}/rows/2`);
  expect(json).toMatchObject({
    row: 2,
    line: 3,
    outcome: 'failed',
    code: 'AGREEMENT_LOST',
    hint: expect.stringContaining('Import this row again'),
    fields: { CustSpaceId: 'C100002', CountryId: 'SG', IsvTerms: 'agreement-2.pdf' },
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
  expect(json.events.map((event: { outcome: string }) => event.outcome)).toEqual([
    ...['uploading', 'uploaded', 'submitting', 'failed'],
  ]);
  expect(json).not.toHaveProperty('parked');
  expect((await get(`/v1/batches/${id}`)).json.codes).toContainEqual(
    expect.objectContaining({ code: 'AGREEMENT_LOST', rows: 1, message: 'It was lost.' }),
  );
  const rate = (await get(`/v1/batches/${id}/rate`)).json;
  const sum = (name: string) =>
    rate.points.reduce((all: number, point: Record<string, number>) => all + (point[name] ?? 0), 0);
  expect([rate.secondsPerPoint, sum('submitted'), sum('failed')]).toEqual([1, 1, 2]);
  expect((await get(`/v1/batches/${id}/rows/6`)).json.code).toBe('ROW_UNKNOWN');
});

it('shows each row once, page by page, while rows change', async () => {
  const { importRows, submit, get } = await createApi();
  const id = await importRows(9);
  const seen: number[] = [];
  let next: string | null = '';
  for (let page = 1; next !== null; page++) {
    const { json } = await get(`/v1/batches/${id}/rows?limit=2${next === '' ? '' : `&cursor=${next}`}`);
    seen.push(...numbersOf(json));
    next = json.next;
    // Behind the reader, and before it.
    await submit(id, page);
    if (page + 5 <= 9) await submit(id, page + 5);
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it('gives the rows of one kind to download', async () => {
  const { importRows, fail, get } = await createApi();
  const id = await importRows(2);
  await fail(id, 1);
  const csv = await get(`/v1/batches/${id}/results?kind=failed`);
  expect(csv.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${id}-failed.csv"`,
  });
  expect(csv.body.split('\r\n')).toHaveLength(3);
  const lines = (await get(`/v1/batches/${id}/results?kind=unprocessed&format=ndjson`)).body
    .trim()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line).CustSpaceId)).toEqual(['C100002']);
  expect((await get(`/v1/batches/${id}/results?kind=succeeded&format=xlsx`)).body.slice(0, 2)).toBe('PK');
  expect((await get('/v1/batches/nothing/results?kind=failed')).json.code).toBe('BATCH_UNKNOWN');
  expect((await get(`/v1/batches/${id}/results`)).json.errors).toMatchObject([{ field: 'query.kind' }]);
});
