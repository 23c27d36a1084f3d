/** Connections to peers between two calls. */
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { agentFor } from '../../src/alibaba/agents.ts';

it('are closed here before a peer closes them, so that no call meets a closed one', async () => {
  const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  // As a Node server would close it by itself: the same moment at both ends would lose a call.
  expect(server.keepAliveTimeout).toBe(5_000);
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const request = get(url, { agent: agentFor(url, undefined) });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
  const [socket] = await connected;
  // A server that closes a connection itself is told of no end by the other side.
  const heard = ['end', 'close'].map(async (event) => {
    await once(socket, event);
    return event;
  });
  expect(await Promise.race(heard)).toBe('end');
});
