/** Requests that are refused while most of their body is still on its way. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { listen } from '../support/api.ts';
import { makeApp } from '../support/pages.ts';
import { createWorld } from '../support/world.ts';

/** More than what sockets hold. */
const BODY = Buffer.alloc(8 * 1_048_576, 0x20);

/** Sends a part of the body, all of it in the end, and reads only then, as simple clients do. @returns the answer */
async function upload(address: string, sent: Buffer): Promise<string> {
  const { host, hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  const head = [
    'POST /v1/customers HTTP/1.1',
    `Host: ${host}`,
    'Connection: keep-alive',
    'Content-Type: text/plain',
    `Content-Length: ${BODY.length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  if (!socket.write(sent)) await once(socket, 'drain');
  let answer = '';
  socket.setEncoding('utf8');
  for await (const chunk of socket) {
    answer += chunk;
    if (answer.includes('\r\n\r\n')) break;
  }
  return answer;
}

it('are answered, not broken off, once the rest has come', async () => {
  const address = await listen(await makeApp(await createWorld()));
  const answer = await upload(address, BODY);
  expect(answer).toMatch(/^HTTP\/1\.1 415 /);
  expect(answer.toLowerCase()).toContain('connection: keep-alive');
});

it('are answered all the same if the rest does not come, and the connection is closed', async () => {
  const address = await listen(await makeApp(await createWorld()));
  const answer = await upload(address, BODY.subarray(0, 1_000));
  expect(answer).toMatch(/^HTTP\/1\.1 415 /);
  expect(answer.toLowerCase()).toContain('connection: close');
});
