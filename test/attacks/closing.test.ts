/** A server that stops, and connections of clients that opened them ahead of need. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { buildWorkerApp } from '../../src/http/worker-app.ts';
import { createApi } from '../support/api.ts';

it.each([
  ['serve', async () => (await createApi()).app],
  ['a worker', async () => buildWorkerApp(() => undefined)],
])(
  'closes at once, although somebody has connected and asked for nothing or for half of it: %s',
  async (_name, build) => {
    const app = await build();
    const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
    const sockets = ['', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1'].map((sent) => {
      const socket = connect(Number(port), '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      socket.write(sent);
      return { socket, ended: text(socket).catch(({ code }) => code) };
    });
    // Connections are taken in their order: when this is answered, the others are there.
    const asked = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect([asked.status, await asked.text()]).toEqual([200, expect.any(String)]);
    const begun = performance.now();
    await app.close();
    expect(performance.now() - begun).toBeLessThan(5_000);
    for (const { ended } of sockets) expect(['', 'ECONNRESET']).toContain(await ended);
  },
);
