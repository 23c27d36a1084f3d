/** The receiver as `onboard serve` mounts it: beside pages that ask who calls. */
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { expect, it } from 'vitest';
import { makeChannelsFile } from '../support/koogallery/channels-file.ts';
import { callsOn, makeOpenChannel, openMarketplace, signPost } from '../support/koogallery/marketplace.ts';
import { makeApp, makeUsers } from '../support/pages.ts';
import { createWorld } from '../support/world.ts';

const CREATE = { activity: 'newInstance', orderId: 'o', orderLineId: 'l', businessId: 'b' };

/** Sends bytes as they are. @returns what comes back until the other side closes */
async function sendRaw(app: FastifyInstance, text: string): Promise<string> {
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    received += chunk;
  });
  socket.write(text);
  await once(socket, 'close');
  return received;
}

it('answers the marketplace without a login, below the base path, and nobody else', async () => {
  const world = await createWorld();
  const channel = makeOpenChannel();
  const more = {
    ...(await makeUsers(world)),
    ...(await makeChannelsFile(channel)),
    ONBOARD_BASE_PATH: '/isv',
  };
  Object.assign(world.environment, more);
  const app = await makeApp(world, more);
  const { post, get } = callsOn(app, channel, '/isv');
  expect((await post(CREATE)).json).toMatchObject({ resultCode: '000004', instanceId: 'b' });
  expect((await get({ activity: 'newInstance' })).code).toBe('000001');
  const foreign = await app.inject({
    ...{ method: 'POST', url: `/isv/koogallery/${channel.slug}`, payload: '{}' },
    headers: { host: 'shop.example', origin: 'https://elsewhere.example', 'content-type': 'text/plain' },
  });
  expect([foreign.statusCode, foreign.json().resultCode]).toEqual([200, '000001']);
  expect((await app.inject('/isv/v1/batches')).statusCode).toBe(401);
  expect((await app.inject(`/koogallery/${channel.slug}`)).statusCode).toBe(401);
});

it('is not there where there is no channel', async () => {
  const app = await makeApp(await createWorld());
  const { statusCode } = await app.inject({ method: 'POST', url: '/koogallery/any', payload: '{}' });
  expect(statusCode).toBe(404);
});

it('writes the name of its signature in the case that the marketplace wants', async () => {
  const { app, channel } = await openMarketplace();
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { query, payload } = signPost(CREATE);
  const head = (path: string, length: number) =>
    `POST /koogallery/${channel.slug}${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json;charset=utf8\r\nContent-Length: ${length}\r\n\r\n`;
  const long = 'x'.repeat(70_000);
  for (const text of [
    head(`?${query}`, payload.length) + payload,
    `${head('/no', 2)}{}`,
    head('', 70_000) + long,
  ]) {
    const answer = await sendRaw(app, text);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/\r\nBody-Sign: sign_type="HMAC-SHA256", signature= "[A-Za-z0-9+/]{43}="\r\n/);
    expect(answer).toMatch(/\r\ncontent-type: application\/json; charset=utf-8\r\n/);
  }
});
