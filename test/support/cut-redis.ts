/**
 * A way to Redis that is cut right behind one write: Redis has made it, but whoever asked for it hears nothing of that, and
 * nothing that was asked for later arrives.
 */
import { once } from 'node:events';
import { createServer, type Socket, connect as tcpConnect } from 'node:net';
import { onTestFinished } from 'vitest';

export interface CutRedis {
  url: string;
  /** What was written so far, by the names of the commands. */
  readonly writes: readonly string[];
}

export interface Cut {
  /** The number of the write, from 1; none if it is not given. */
  after?: number;
  /** Called when Redis has made that write, before whoever asked for it sees the end of the connection. */
  meanwhile?: () => unknown;
}

/** Scripts count, because only they know whether they write; what BullMQ notes of a queue when it opens it (HSET) does not. */
const WRITES = /^(eval|evalsha|exec|set|del|zrem)$/;

/** @param url of one server, `redis://host:port` */
export async function startCutRedis(url: string, cut: Cut = {}): Promise<CutRedis> {
  const target = new URL(url);
  const writes: string[] = [];
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const server = tcpConnect(Number(target.port), target.hostname);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    server.on('data', (answer) => client.write(answer)).on('close', () => client.destroy());
    client.on('close', () => server.destroy());
    readCommands(client, (name, bytes) => {
      server.write(bytes);
      if (!WRITES.test(name) || writes.push(name) !== cut.after) return;
      client.pause().removeAllListeners('data');
      server.removeAllListeners('data').removeAllListeners('close').resume();
      // Redis carries out what it has read before it sees the end.
      server.end();
      server.once('close', async () => {
        try {
          await cut.meanwhile?.();
        } finally {
          client.destroy();
        }
      });
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = listener.address();
  if (typeof address !== 'object' || address === null) throw new Error('The proxy does not listen.');
  return { url: `redis://127.0.0.1:${address.port}`, writes };
}

/** Takes apart what a client sends: `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`. */
function readCommands(client: Socket, heard: (name: string, bytes: Buffer) => void): void {
  let pending = Buffer.alloc(0);
  client.on('data', (piece) => {
    pending = Buffer.concat([pending, piece]);
    for (let command = takeCommand(pending); command !== undefined; command = takeCommand(pending)) {
      const bytes = pending.subarray(0, command.length);
      pending = pending.subarray(command.length);
      heard(command.name, bytes);
      if (client.isPaused()) return;
    }
  });
}

/** @returns undefined if it is not all there yet */
function takeCommand(bytes: Buffer): { name: string; length: number } | undefined {
  let at = 0;
  const takeNumber = () => {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const number = Number(bytes.toString('latin1', at + 1, end));
    at = end + 2;
    return number;
  };
  const words = takeNumber();
  if (words === undefined) return undefined;
  let name = '';
  for (let word = 0; word < words; word++) {
    const length = takeNumber();
    if (length === undefined || bytes.length < at + length + 2) return undefined;
    if (word === 0) name = bytes.toString('latin1', at, at + length).toLowerCase();
    at += length + 2;
  }
  return { name, length: at };
}
