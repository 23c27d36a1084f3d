/** Requests that wait until they may leave. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { ChatApp } from '../../../src/alibaba/chatapp/client.ts';
import { NotLeft, Permission } from '../../../src/alibaba/chatapp/hold-request.ts';
import { startSimulator } from '../../../src/sandbox/simulator/simulator.ts';
import { DEFAULT_SIMULATED_ACCOUNT } from '../../../src/sandbox/simulator/state.ts';

const AT_ONCE = async () => undefined;

function withResolvers() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

async function makeClient(timeoutMs = 2_000) {
  const simulator = await startSimulator({ rate: 1_000 });
  onTestFinished(simulator.stop);
  const account = { endpoint: simulator.endpoint, region: 'ap-southeast-1' };
  const chatApp = new ChatApp({ account, timeoutMs });
  const authorize = (leave?: () => Promise<void>) =>
    chatApp.authorize(DEFAULT_SIMULATED_ACCOUNT, 'C1', leave);
  return { simulator, authorize, arrivals: simulator.state.record.arrivals };
}

it.each([
  ['a connection of its own', 0],
  ['a connection that is used again', 1],
])('a request on %s is held until it may leave', async (_name, before) => {
  const { authorize, arrivals } = await makeClient();
  for (let count = 0; count < before; count++) await authorize();
  const permission = withResolvers();
  const asked = withResolvers();
  const calling = authorize(() => {
    asked.resolve();
    return permission.promise;
  });
  await asked.promise;
  await sleep(30);
  expect(arrivals).toHaveLength(before);
  permission.resolve();
  expect((await calling).data).toMatchObject({ Dir: 'CC1' });
  expect(arrivals).toHaveLength(before + 1);
});

it.each([0, 1])('one that must not leave is not sent, after %i others', async (before) => {
  const { authorize, arrivals } = await makeClient();
  for (let count = 0; count < before; count++) await authorize();
  const reason = new Error('too late');
  const failing = authorize(() => Promise.reject(reason));
  await expect(failing).rejects.toBeInstanceOf(NotLeft);
  await expect(failing).rejects.toMatchObject({ cause: reason });
  await authorize(AT_ONCE);
  expect(arrivals).toHaveLength(before + 1);
});

it('one whose time runs out while it is held counts as not sent, and never leaves', async () => {
  const { authorize, arrivals } = await makeClient(400);
  const permission = withResolvers();
  await expect(authorize(() => permission.promise)).rejects.toMatchObject({
    code: 'PEER_TIMEOUT',
    wasSent: false,
  });
  permission.resolve();
  await authorize(AT_ONCE);
  expect(arrivals).toHaveLength(1);
});

it('one that finds no connection is not asked for', async () => {
  const { simulator, authorize } = await makeClient();
  await simulator.refuse('chatApp');
  let isAsked = false;
  const leave = async () => {
    isAsked = true;
  };
  await expect(authorize(leave)).rejects.toMatchObject({ code: 'PEER_UNREACHABLE', wasSent: false });
  expect(isAsked).toBe(false);
  await simulator.listen('chatApp');
});

it('one whose connection the peer closes meanwhile leaves on another, once, when it may', async () => {
  const { simulator } = await makeClient();
  const open = new Set<Socket>();
  const between = createServer((client) => {
    open.add(client);
    client.pipe(connect(Number(new URL(simulator.endpoint).port), '127.0.0.1')).pipe(client);
  });
  between.listen(0, '127.0.0.1');
  onTestFinished(() => void between.close());
  await once(between, 'listening');
  const endpoint = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
  const chatApp = new ChatApp({ account: { endpoint, region: 'ap-southeast-1' }, timeoutMs: 2_000 });
  const [asked, permission] = [withResolvers(), withResolvers()];
  let questions = 0;
  const calling = chatApp.authorize(DEFAULT_SIMULATED_ACCOUNT, 'C1', () => {
    questions += 1;
    asked.resolve();
    return permission.promise;
  });
  await asked.promise;
  for (const socket of open) socket.end();
  await once(between, 'connection');
  expect(simulator.state.record.arrivals).toEqual([]);
  permission.resolve();
  expect((await calling).data).toMatchObject({ Dir: 'CC1' });
  expect(simulator.state.record.arrivals).toHaveLength(1);
  // Again if the permission came before the other connection.
  expect(questions).toBeLessThanOrEqual(2);
});

it('a permission that came when the connection was gone has let nothing leave, and is asked for again', async () => {
  let questions = 0;
  const permission = new Permission(async () => {
    questions += 1;
  });
  await permission.ask();
  permission.lapse();
  expect([permission.isHeld, permission.hasLeft]).toEqual([true, false]);
  await permission.ask();
  expect(questions).toBe(2);
});
