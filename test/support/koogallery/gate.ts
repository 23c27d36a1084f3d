/** A way to a seller that holds calls back before one of them, so that something can happen between two calls. */
import { EventEmitter, once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer as readAll } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Gate {
  /** The seller's address, through the gate. */
  url: URL;
  /** Resolves when the call has come before which the others are held back. */
  reached: Promise<void>;
  open(): void;
}

/** @param free how many calls are let through at once */
export async function startGate(target: URL, free: number): Promise<Gate> {
  const turns = new EventEmitter();
  const [reached, opened] = ['reached', 'opened'].map((name) => once(turns, name).then(() => undefined));
  let calls = 0;
  const server = createServer(async (incoming, response) => {
    calls += 1;
    const { method, headers, url } = incoming;
    const body = await readAll(incoming);
    if (calls > free) {
      turns.emit('reached');
      await opened;
    }
    const onward = request({
      host: target.hostname,
      port: target.port,
      method,
      headers,
      path: url,
      agent: false,
    });
    onward.once('error', () => response.destroy());
    onward.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = new URL(target.pathname, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { url, reached: reached as Promise<void>, open: () => void turns.emit('opened') };
}
