/** Chat App and OSS as somebody hostile would run them: whatever is asked, the answer is too much. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

const MIB = 1024 * 1024;
const PIECE = Buffer.alloc(MIB, '[');
const ANSWER_MIB = 1024;

function* pieces(): Generator<Buffer> {
  for (let count = 0; count < ANSWER_MIB; count++) yield PIECE;
}

const ignore = () => undefined;
export const HOSTILE_ANSWERS: Record<string, (response: ServerResponse) => void> = {
  'gzip of 1 GiB': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    pipeline(Readable.from(pieces()), createGzip(), response, ignore);
  },
  'plain 1 GiB': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    pipeline(Readable.from(pieces()), response, ignore);
  },
  'an error of 1 GiB': (response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    pipeline(Readable.from(pieces()), response, ignore);
  },
};

export interface HostilePeer {
  endpoint: string;
  /** Resolves after so many hostile answers have ended, most of them because nobody wanted to hear more. */
  hasAnswered(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** @param who answers like that; Chat App authorizes uploads as it should where only OSS is hostile */
export async function startHostilePeer(who: 'chatApp' | 'oss', answer: string): Promise<HostilePeer> {
  let answered = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (who === 'oss' && request.method === 'POST') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(authorization(endpointOf(server.address()))));
      return;
    }
    HOSTILE_ANSWERS[answer]?.(response);
    response.once('close', () => {
      answered++;
      server.emit('answered');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: endpointOf(server.address()),
    async hasAnswered(count) {
      while (answered < count) await once(server, 'answered');
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const endpointOf = (address: AddressInfo | string | null) =>
  `http://127.0.0.1:${(address as AddressInfo).port}`;

function authorization(endpoint: string) {
  const key = {
    AccessKeyId: 'STS.x',
    AccessKeySecret: 'x',
    SecurityToken: 'x',
    Expire: Date.now() + 900_000,
  };
  const data = { ...key, BucketName: 'bucket', Dir: 'terms', EndPoint: endpoint };
  return { RequestId: '0', Code: 'OK', Message: 'None', Data: data };
}
