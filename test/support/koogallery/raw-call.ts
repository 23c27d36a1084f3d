/** A call over a socket of its own, byte by byte if need be: what no HTTP library would send, or show of the answer. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WireCall } from '../../../src/sandbox/koogallery/sign-call.ts';

export interface RawAnswer {
  status: number;
  /** With their names as they came. */
  headers: Record<string, string>;
  body: string;
}

export interface RawOptions {
  /** Instead of that of the call. */
  method?: string;
  /** Before each byte of the body, in milliseconds; the rest is given up once an answer has come. */
  byteEveryMs?: number;
}

/** Sends it, and reads until the other side closes. @throws Error if nothing comes */
export async function sendRaw(
  endpoint: URL,
  { method, path, query, headers, body = '' }: WireCall,
  options: RawOptions = {},
): Promise<RawAnswer> {
  const socket = connect(Number(endpoint.port), endpoint.hostname);
  let received = '';
  socket.setEncoding('utf8').on('data', (piece) => {
    received += piece;
  });
  const closed = once(socket, 'close');
  const all = { ...headers, Host: endpoint.host, Connection: 'close', 'Content-Length': length(body) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const url = `${endpoint.pathname}${path}${query === '' ? '' : `?${query}`}`;
  socket.write(`${options.method ?? method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`);
  if (options.byteEveryMs === undefined) socket.write(body);
  else await trickle();
  await closed;
  return parse(received);

  async function trickle(): Promise<void> {
    for (const byte of Buffer.from(body)) {
      if (received !== '' || socket.destroyed) return;
      socket.write(Buffer.from([byte]));
      await sleep(options.byteEveryMs);
    }
  }
}

const length = (body: string) => String(Buffer.byteLength(body));

function parse(received: string): RawAnswer {
  const [head = '', body = ''] = received.split('\r\n\r\n', 2);
  const [first = '', ...lines] = head.split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new Error(`no answer: ${received.slice(0, 100)}`);
  const headers = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
  return { status, headers: Object.fromEntries(headers), body };
}
