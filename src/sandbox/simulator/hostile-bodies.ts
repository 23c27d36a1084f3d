/** Bodies that a client must not read to their end. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** Bytes of each part of a bomb, unpacked; each is a thousandth of it on the wire. */
const PART_BYTES = 16 * 1024 * 1024;
const PARTS = 64;
const CHUNK = Buffer.alloc(64 * 1024, ' ');
const SLOW_EVERY_MS = 20;

type HostileBody = (response: ServerResponse, status: number) => Promise<void>;

/** A body of a given kind, with headers as if it were an answer. */
export const HOSTILE_BODIES = {
  /** 1 MB that becomes 1 GB. */
  gzipBomb: async (response, status) => {
    const part = gzipSync(Buffer.alloc(PART_BYTES, ' '));
    begin(response, status, { 'content-encoding': 'gzip' });
    response.end(Buffer.concat(Array<Buffer>(PARTS).fill(part)));
  },
  endlessBody: async (response, status) => {
    begin(response, status);
    response.on('drain', () => response.write(CHUNK)).write(CHUNK);
    await once(response, 'close');
  },
  slowBody: async (response, status) => {
    begin(response, status);
    while (!response.destroyed) {
      response.write(' ');
      await sleep(SLOW_EVERY_MS);
    }
  },
} as const satisfies Record<string, HostileBody>;

export type HostileBodyKind = keyof typeof HOSTILE_BODIES;

export function isHostileBody(kind: string): kind is HostileBodyKind {
  return Object.hasOwn(HOSTILE_BODIES, kind);
}

function begin(response: ServerResponse, status: number, more: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...more });
}
