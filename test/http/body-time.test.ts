import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { limitBodyTime } from '../../src/http/body-time.ts';

async function listen(): Promise<FastifyInstance> {
  const app = Fastify();
  onTestFinished(() => app.close());
  limitBodyTime(app, 20);
  app.post('/form', () => ({}));
  const refuse = async (_request: unknown, reply: FastifyReply) => reply.code(401).send({});
  app.post('/closed', { onRequest: refuse }, () => ({}));
  app.addContentTypeParser('any/type', (_request, _payload, done) => done(null));
  app.post('/upload', { config: { readsOwnBody: true } }, async ({ raw }) => text(raw));
  await app.listen({ port: 0 });
  return app;
}

/** Sends a part of a body; `end` sends the rest. */
function begin(app: FastifyInstance, url: string, type: string, connection = 'close') {
  const socket = connect((app.server.address() as AddressInfo).port);
  onTestFinished(() => void socket.destroy());
  const headers = `POST ${url} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: 4\r\n`;
  socket.write(`${headers}Connection: ${connection}\r\n\r\nab`);
  return { answer: text(socket), end: () => socket.write('cd') };
}

it('ends a request whose body does not come, and leaves uploads to their own limits', async () => {
  const app = await listen();
  const upload = begin(app, '/upload', 'any/type');
  expect(await begin(app, '/form', 'application/json').answer).toMatch(/^HTTP\/1.1 408 /);
  upload.end();
  expect(await upload.answer).toMatch(/^HTTP\/1.1 200 .*abcd$/s);
});

it('ends it also where it was answered before its body came, and answers it once', async () => {
  const { answer } = begin(await listen(), '/closed', 'application/json', 'keep-alive');
  const answers = (await answer).match(/HTTP\/1.1 \d+/g);
  expect(answers).toEqual(['HTTP/1.1 401']);
});
