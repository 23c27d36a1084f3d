/** The receiver as a process, with a Redis of its own: whatever is killed, nothing that was acknowledged is lost. */
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import type { OpenChannel } from '../../src/koogallery/channels.ts';
import { channelKeys } from '../../src/koogallery/keys.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import type { ChildProgram } from '../../src/sandbox/child-program.ts';
import { ANSWER_TIME_MS_MAX } from '../../src/sandbox/koogallery/answer-checks.ts';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { makeChannelsFile } from '../support/koogallery/channels-file.ts';
import { makeOpenChannel, openMarketplace, read, signPost } from '../support/koogallery/marketplace.ts';
import { runProgram, startProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

const CREATE = { activity: 'newInstance', orderId: 'o', orderLineId: 'l', businessId: 'b' };
const CALLERS = 20;

interface Serving {
  environment: Record<string, string>;
  channel: OpenChannel;
  port: number;
}

async function prepare(url: string): Promise<Serving> {
  const channel = makeOpenChannel();
  const port = await freePort();
  const own = { HTTP_PORT: String(port), REDIS_URL: url, LOG_LEVEL: 'fatal' };
  return { channel, port, environment: { ...(await makeChannelsFile(channel)), ...own } };
}

async function serve({ environment }: Serving, ...more: string[]): Promise<ChildProgram> {
  const program = startProgram({ environment: {} }, ['koogallery', 'serve', ...more], environment);
  await program.says('/koogallery/', 'stdout');
  return program;
}

async function call({ channel, port }: Serving, body: Record<string, string>) {
  const { query, payload, headers } = signPost(body);
  const url = `http://127.0.0.1:${port}/koogallery/${channel.slug}?${query}`;
  const response = await fetch(url, { method: 'POST', headers, body: payload });
  const text = await response.text();
  return read({ statusCode: response.status, headers: Object.fromEntries(response.headers), body: text })
    .json;
}

/** Buys and buys, until told to stop. @returns the instance of each order that was acknowledged, and other codes */
function keepBuying(serving: Serving) {
  const acknowledged = new Map<string, string>();
  const others: string[] = [];
  let isOver = false;
  let next = 0;
  const buy = async () => {
    while (!isOver) {
      const orderId = `o${++next}`;
      const body = { ...CREATE, orderId, businessId: `b-${orderId}` };
      const answer = await call(serving, body).catch(() => undefined);
      if (answer?.resultCode === '000004') acknowledged.set(orderId, answer.instanceId);
      else others.push(answer?.resultCode ?? 'none');
    }
  };
  const buying = Promise.all(Array.from({ length: CALLERS }, buy));
  const stop = async () => {
    isOver = true;
    await buying;
    return { acknowledged, others };
  };
  return { acknowledged, others, stop };
}

async function expectKept({ channel, environment }: Serving, acknowledged: ReadonlyMap<string, string>) {
  const redis = new Redis(environment.REDIS_URL ?? '');
  onTestFinished(() => redis.disconnect());
  const keys = channelKeys(channel.slug);
  const orders = await redis.hgetall(keys.orders);
  const lost = [...acknowledged].filter(([orderId, id]) => orders[`create:${orderId}:l`] !== id);
  expect(lost).toEqual([]);
  const due = new Set(await redis.zrange(keys.due, '0', '-1'));
  for (const id of acknowledged.values()) expect(due.has(id)).toBe(true);
  const versions = await Promise.all([...acknowledged.values()].map((id) => redis.hlen(keys.tasks(id))));
  expect(new Set(versions)).toEqual(new Set([1]));
}

it('loses nothing that it acknowledged when Redis is killed, and says meanwhile that it cannot', async () => {
  const { url, server } = await startSingleRedis();
  const serving = await prepare(url);
  await serve(serving);
  const buying = keepBuying(serving);
  await expect.poll(() => buying.acknowledged.size).toBeGreaterThan(300);
  await server.kill();
  await expect.poll(() => buying.others.length).toBeGreaterThan(CALLERS);
  expect(new Set(buying.others)).toEqual(new Set(['000005']));
  const before = buying.acknowledged.size;
  server.restart();
  await expect.poll(() => buying.acknowledged.size).toBeGreaterThan(before + 100);
  const { acknowledged } = await buying.stop();
  await expectKept(serving, acknowledged);
});

it('loses nothing that it acknowledged when it is killed itself', async () => {
  const { url } = await startSingleRedis();
  const serving = await prepare(url);
  const first = await serve(serving);
  const buying = keepBuying(serving);
  await expect.poll(() => buying.acknowledged.size).toBeGreaterThan(300);
  await first.kill();
  const { acknowledged } = await buying.stop();
  await serve(serving);
  await expectKept(serving, acknowledged);
  for (const [orderId, id] of [...acknowledged].slice(-50))
    expect(await call(serving, { ...CREATE, orderId, businessId: 'again' })).toMatchObject({
      instanceId: id,
    });
});

it('answers the calls that have come when it is told to stop', async () => {
  const { url } = await startSingleRedis();
  const serving = await prepare(url);
  const program = await serve(serving);
  const buying = keepBuying(serving);
  await expect.poll(() => buying.acknowledged.size).toBeGreaterThan(100);
  program.signal('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0 });
  const { acknowledged, others } = await buying.stop();
  // Refused connections and no half answers.
  expect(new Set(others)).toEqual(new Set(['none']));
  await expectKept(serving, acknowledged);
});

it('does not start on a Redis that may forget, unless that is accepted', async () => {
  const { url } = await startSingleRedis(['--appendonly', 'no']);
  const serving = await prepare(url);
  const { code, stderr } = await runProgram(
    { environment: {} },
    ['koogallery', 'serve'],
    serving.environment,
  );
  expect(code).not.toBe(0);
  expect(stderr).toContain('onboard koogallery serve --allow-data-loss');
  await serve(serving, '--allow-data-loss');
  expect((await call(serving, CREATE)).resultCode).toBe('000004');
});

it('starts while Redis is away, and is ready once it is there', async () => {
  const { url, server } = await startSingleRedis();
  const serving = await prepare(url);
  await server.kill();
  await serve(serving);
  const ready = async () => (await fetch(`http://127.0.0.1:${serving.port}/readyz`)).status;
  expect(await ready()).toBe(503);
  expect((await call(serving, CREATE)).resultCode).toBe('000005');
  server.restart();
  await expect.poll(ready).toBe(200);
  await expect.poll(async () => (await call(serving, CREATE)).resultCode).toBe('000004');
});

it('answers in the time of the marketplace while Redis is away, whether or not the connection waits', async () => {
  for (const waitsForever of [true, false]) {
    const redis = connectRedis({ url: `redis://127.0.0.1:${await freePort()}` }, { waitsForever });
    onTestFinished(() => redis.disconnect());
    const { post, get } = await openMarketplace({ redis });
    const startedAt = performance.now();
    const query = { activity: 'queryInstance', instanceId: 'b' };
    const calls = [post(CREATE), post({ ...CREATE, testFlag: '1' }), post(query), post({})];
    for (const { code } of await Promise.all(calls)) expect(code).toBe('000005');
    expect(performance.now() - startedAt).toBeLessThan(ANSWER_TIME_MS_MAX);
    expect((await get({ activity: 'newInstance' })).code).toBe('000001');
  }
});

it('answers a call whose body does not come', async () => {
  const { app, channel, access } = await openMarketplace();
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { query } = signPost(CREATE);
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    received += chunk;
  });
  socket.write(
    `POST /koogallery/${channel.slug}?${query} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a`,
  );
  await once(socket, 'close');
  expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n(.*\r\n)*Body-Sign: sign_type=/);
  expect(received).toContain('{"resultCode":"000005"');
  const { strangers, prefix } = channelKeys(access.slug);
  expect((await access.redis.xrange(strangers, '-', '+'))[0]?.[1]).toContain('slow');
  expect(await access.redis.keys(`${prefix}*`)).toHaveLength(2);
});
