import type { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { type ApiBench, createApi, listen } from '../support/api.ts';

/** What a stream has sent so far. */
async function open(
  { app }: ApiBench,
  url: string,
  headers: Record<string, string> = {},
  remoteAddress = '127.0.0.1',
) {
  const response = await app.inject({ url, headers, remoteAddress, payloadAsStream: true });
  const stream: Readable = response.stream();
  onTestFinished(() => void stream.destroy());
  const seen = { text: '', isOver: false, status: response.statusCode, headers: response.headers };
  stream.on('data', (chunk) => {
    seen.text += chunk;
  });
  stream.on('close', () => {
    seen.isOver = true;
  });
  return seen;
}

const eventsIn = (text: string, name: string) =>
  text
    .split('\n\n')
    .filter((block) => block.includes(`event: ${name}\n`))
    .map((block) => ({
      id: /^id: (.*)$/m.exec(block)?.[1],
      data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? ''),
    }));

it('tells of a batch, resumes where a connection was lost, and says when something is missing', async () => {
  const api = await createApi();
  const id = await api.importRows(3);
  const first = await open(api, `/v1/batches/${id}/events`);
  await expect.poll(() => eventsIn(first.text, 'batch')).toHaveLength(1);
  expect(first.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  await api.submit(id, 1);
  await expect.poll(() => eventsIn(first.text, 'row')).toHaveLength(4);
  expect(eventsIn(first.text, 'row').at(-1)?.data).toMatchObject({ row: 1, outcome: 'submitted' });
  await expect.poll(() => eventsIn(first.text, 'batch').at(-1)?.data.counts.submitted).toBe(1);
  const [, second] = eventsIn(first.text, 'row');
  const resumed = await open(api, `/v1/batches/${id}/events`, { 'last-event-id': second?.id ?? '' });
  await expect
    .poll(() => eventsIn(resumed.text, 'row').map(({ data }) => data.outcome))
    .toEqual([...['submitting', 'submitted']]);
  expect(eventsIn(resumed.text, 'gap')).toEqual([]);
  for (const lost of ['1-1', '9999999999999-0', 'x'.repeat(99)]) {
    const gap = await open(api, `/v1/batches/${id}/events`, { 'last-event-id': lost });
    await expect.poll(() => eventsIn(gap.text, 'gap')).toHaveLength(1);
  }
  await api.fail(id, 2);
  await expect
    .poll(() => eventsIn(resumed.text, 'row').at(-1)?.data)
    .toMatchObject({
      ...{ row: 2, outcome: 'failed', code: 'AGREEMENT_LOST' },
    });
});

it('tells of everything, and ends with the server', async () => {
  const api = await createApi();
  const id = await api.importRows(1);
  const all = await open(api, '/v1/events');
  await expect.poll(() => eventsIn(all.text, 'batch').map(({ data }) => data.id)).toContain(id);
  await expect
    .poll(() => eventsIn(all.text, 'accounts').at(-1)?.data.accounts)
    .toMatchObject([{ rowsLeft: 1 }]);
  await api.post(`/v1/batches/${id}/pause`);
  await expect.poll(() => eventsIn(all.text, 'batch').at(-1)?.data).toMatchObject({ id, state: 'paused' });
  const address = await listen(api.app);
  const overPort = await fetch(`${address}/v1/events`);
  await Promise.all([api.app.close(), overPort.text()]);
  await expect.poll(() => all.isOver).toBe(true);
});

it('gives a place back when its client is gone', async () => {
  const api = await createApi();
  const id = await api.importRows(1);
  const address = await listen(api.app);
  for (let n = 0; n < 25; n++) {
    const leaving = new AbortController();
    const ask = () => fetch(`${address}/v1/batches/${id}/events`, { signal: leaving.signal });
    await expect.poll(async () => (await ask()).status).toBe(200);
    leaving.abort();
  }
});

it('holds the connections of one user within bounds', async () => {
  const api = await createApi();
  const id = await api.importRows(1);
  const opened = await Promise.all(Array.from({ length: 21 }, () => open(api, `/v1/batches/${id}/events`)));
  expect(opened.map(({ status }) => status).sort()).toEqual([...Array(20).fill(200), 429]);
  expect(opened.find(({ status }) => status === 429)?.headers['retry-after']).toBe('10');
});

it('holds 1,000 connections and no more, whoever they are of', async () => {
  const api = await createApi();
  const id = await api.importRows(1);
  const from = (n: number) => `10.0.${n >> 8}.${n & 255}`;
  const opened: Awaited<ReturnType<typeof open>>[] = [];
  for (let n = 0; n < 1_000; n++) opened.push(await open(api, `/v1/batches/${id}/events`, {}, from(n)));
  expect(new Set(opened.map(({ status }) => status))).toEqual(new Set([200]));
  const more = await open(api, '/v1/events', {}, from(1_000));
  expect([more.status, more.headers['retry-after']]).toEqual([503, '10']);
  await expect.poll(() => JSON.parse(more.text).code).toBe('TOO_MANY_REQUESTS');
  await api.submit(id, 1);
  // Everybody is told, by one reader.
  await expect.poll(() => opened.every(({ text }) => text.includes('"outcome":"submitted"'))).toBe(true);
  expect((await api.get(`/v1/batches/${id}`)).status).toBe(200);
});
