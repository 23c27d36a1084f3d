/** Redis goes away while somebody watches: a page that still calls itself live would be believed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { startRedisServer } from '../../src/sandbox/local-redis.ts';
import { createApi } from '../support/api.ts';
import { logIn, makeUsers } from '../support/pages.ts';

/** With users in a file: who asks is known without Redis. */
async function createApart() {
  const redis = await startRedisServer('redis-server');
  onTestFinished(redis.stop);
  const folder = await mkdtemp(join(tmpdir(), 'onboard-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const api = await createApi({ redisUrl: redis.url, more: await makeUsers({ folder }) });
  const headers = await logIn(api.app, 'operator');
  return { ...api, headers, stopRedis: redis.stop };
}

it('ends the connections of those who watch, says so to whoever asks again, and is alive until then', async () => {
  const { app, importRows, headers, get, stopRedis } = await createApart();
  const id = await importRows(1);
  const urls = [`/v1/batches/${id}/events`, '/v1/events'];
  const opened = await Promise.all(
    urls.map(async (url) => {
      const response = await app.inject({ url, headers, payloadAsStream: true });
      expect(response.statusCode).toBe(200);
      const stream: Readable = response.stream();
      const seen = { text: '', isOver: false };
      stream.on('data', (chunk) => {
        seen.text += chunk;
      });
      stream.on('close', () => {
        seen.isOver = true;
      });
      return seen;
    }),
  );
  const isAlive = () => opened.every(({ text }) => text.includes('event: alive\ndata: {}\n\n'));
  await expect.poll(isAlive).toBe(true);
  expect(opened.map(({ isOver }) => isOver)).toEqual([false, false]);
  await stopRedis();
  await expect.poll(() => opened.every(({ isOver }) => isOver)).toBe(true);
  for (const url of urls) {
    const refused = await get(url, headers);
    expect([refused.status, refused.json.code, refused.headers['retry-after']]).toEqual([
      503,
      'REDIS_UNREACHABLE',
      '5',
    ]);
    expect(refused.body).not.toContain('127.0.0.1');
  }
});
