/** A seller's webhook that answers in every way that could hold or fill a worker: it is bounded, asked again, and nobody waits for it. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { peakMiB } from '../../scripts/bench/processes.ts';
import { readInstance, readTasks } from '../../src/koogallery/registry/read-instance.ts';
import { openShop } from '../support/koogallery/processes.ts';
import { creation, doChange } from '../support/koogallery/registry.ts';
import { answerJson } from '../support/koogallery/webhook.ts';
import { startReceiver } from '../support/receiver.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

const MIB = 1_048_576;
const LARGE = 100 * MIB;
/** Made before anybody waits: that takes a second, during which this process answers nobody. */
const BOMB = gzipSync(Buffer.alloc(LARGE, 0x20));
/** They keep a worker until it gives up. */
const HANGING = ['silent', 'trickle', 'headers'];
/** Of what the sockets of both sides hold before somebody notices. */
const ACCEPTED_MAX = 16 * MIB;
const POLL = { interval: 100 };
const EACH = 3;

/** What a response has taken until it was broken off. */
interface Taken {
  bytes: number;
}

async function trickle(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  const text = JSON.stringify({ memo: 'x'.repeat(60_000) });
  for (const letter of text) {
    if (response.destroyed) return;
    response.write(letter);
    await sleep(50);
  }
}

async function trickleHeaders({ socket }: ServerResponse): Promise<void> {
  for (const letter of `HTTP/1.1 200 OK\r\nX-Much: ${'x'.repeat(10_000)}`) {
    if (socket === null || socket.destroyed) return;
    socket.write(letter);
    await sleep(50);
  }
}

async function flood(response: ServerResponse, taken: Taken): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  const piece = Buffer.alloc(65_536, 0x20);
  const closed = once(response, 'close');
  for (let bytes = 0; bytes < LARGE && !response.destroyed; bytes += piece.length) {
    taken.bytes += piece.length;
    if (!response.write(piece)) await Promise.race([once(response, 'drain'), closed]);
  }
  response.end();
}

function bomb(response: ServerResponse): void {
  response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB);
}

it('is bounded and asked again, and others do not wait for it', async () => {
  const elsewhere = await startReceiver();
  const taken: Taken = { bytes: 0 };
  const bad: Record<string, (response: ServerResponse) => unknown> = {
    silent: () => undefined,
    trickle,
    headers: trickleHeaders,
    flood: (response) => flood(response, taken),
    bomb,
    redirect: (response) => response.writeHead(307, { location: `${elsewhere.origin}/` }).end(),
  };
  const met = new Set<string>();
  const { url } = await startSingleRedis();
  const shop = await openShop({
    ...{ redisUrl: url, generations: ['saas-v2'] },
    answer: (call, response) => {
      const isFirst = !met.has(call.key) && met.add(call.key);
      const kind = call.key.split('-')[0] ?? '';
      if (isFirst && bad[kind]) void bad[kind](response);
      else answerJson(200)(call, response);
    },
  });
  const [stand] = shop.stands;
  if (stand === undefined) throw new Error('no stand');
  const { access } = stand;
  const ids = Object.keys(bad).flatMap((kind) => Array.from({ length: EACH }, (_, n) => `${kind}-${n}`));
  const create = (id: string) => doChange(access, creation(id, { orderKey: id } as never));
  for (const id of ids) await create(id);
  const worker = await shop.work();
  const hang = ids.filter((id) => HANGING.some((kind) => id.startsWith(kind)));
  await expect.poll(() => hang.every((id) => met.has(`${id}:1`)), POLL).toBe(true);
  await create('quick');
  await expect.poll(async () => (await readInstance(access, 'quick'))?.state, POLL).toBe('active');
  // It did not wait for those that hang.
  expect(await readTasks(access, 'silent-0')).toMatchObject([{ state: 'due', attempts: 1 }]);
  for (const id of ids) {
    await expect.poll(async () => (await readInstance(access, id))?.state, POLL).toBe('active');
    expect(await readTasks(access, id)).toMatchObject([{ state: 'done', attempts: 2 }]);
    expect(shop.webhook.calls.filter(({ key }) => key === `${id}:1`)).toHaveLength(2);
  }
  expect(taken.bytes).toBeLessThan(EACH * ACCEPTED_MAX);
  expect(elsewhere.received).toEqual([]);
  expect(peakMiB(worker)).toBeLessThan(300);
});
