/**
 * Commands that are given to a connection in one turn of the event loop leave in one write. ioredis writes each by itself,
 * and where many rows are under way a system call costs more than the command. Nothing is held back: the turn ends before
 * anything else happens. Replies to commands that came together come together, so the next ones do too.
 */
import type { Writable } from 'node:stream';
import type { Redis } from 'ioredis';

export function joinWrites(client: Redis): void {
  // A new one with each connection.
  client.on('connect', () => joinWritesOf(client.stream as unknown as Writable));
}

function joinWritesOf(stream: Writable): void {
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean;
  let isHeld = false;
  const release = () => {
    isHeld = false;
    stream.uncork();
  };
  stream.write = (...given: unknown[]) => {
    if (!isHeld) {
      isHeld = true;
      stream.cork();
      process.nextTick(release);
    }
    return write(...given);
  };
}
