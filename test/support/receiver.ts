/**
 * A receiver of alerts on this machine: a real server that keeps what it gets, and answers as the vendor does. What a
 * signature must be is computed here from the vendor's words, not with our code.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';

export interface Received {
  url: URL;
  headers: IncomingHttpHeaders;
  body: string;
  /** When it came, in milliseconds since 1970. */
  at: number;
}

export interface ReceiverServer {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  received: Received[];
  /** What our own form says of each: type and id. */
  told(): { id: string; type: string; account?: string; facts: Record<string, unknown> }[];
  /** Resolves when something of a type has come. */
  gets(type: string, withinMs?: number): Promise<void>;
}

type Respond = (response: ServerResponse, received: Received) => void;

/** @param respond by default 200 with what all vendors take for success */
export async function startReceiver(respond: Respond = answerOk): Promise<ReceiverServer> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = await readText(request);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const each = { url, headers: request.headers, body, at: Date.now() };
    received.push(each);
    respond(response, each);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const told: ReceiverServer['told'] = () => received.map(({ body }) => JSON.parse(body));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    told,
    gets: (type, timeout = 30_000) =>
      vi
        .waitUntil(() => told().some((event) => event.type === type), { timeout, interval: 20 })
        .then(() => undefined),
  };
}

function answerOk(response: ServerResponse): void {
  response.end(JSON.stringify({ errcode: 0, errmsg: 'ok', code: 0, msg: 'success' }));
}

/** HMAC-SHA256 by the Web's interface, which our code does not use. */
export async function hmacOf(key: string, message: string, format: 'hex' | 'base64'): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', Buffer.from(key), algorithm, false, ['sign']);
  return Buffer.from(await crypto.subtle.sign('HMAC', imported, Buffer.from(message))).toString(format);
}
