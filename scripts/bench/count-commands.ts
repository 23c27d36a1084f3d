/**
 * Counts what clients ask of a Redis, by its MONITOR: what scripts do inside of it is not counted. Not through ioredis, whose
 * monitor breaks when a command is told in the same packet as the answer to MONITOR itself.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

export interface CountedCommands {
  /** By command, in small letters. */
  counts: ReadonlyMap<string, number>;
  /** @returns how many it were */
  stop(): number;
}

/** `+1700000000.123456 [0 127.0.0.1:50000] "GET" "key"`, or `[0 lua]` for what a script does. */
const TOLD = /^\+[\d.]+ \[\d+ (\S+)\] "([^"]+)"/;

export async function countCommands(url: string): Promise<CountedCommands> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const counts = new Map<string, number>();
  const lines = createInterface({ input: socket });
  socket.write('MONITOR\r\n');
  await once(lines, 'line');
  lines.on('line', (line) => {
    const [, source, command = ''] = TOLD.exec(line) ?? [];
    if (!source || source === 'lua') return;
    const name = command.toLowerCase();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  return {
    counts,
    stop() {
      socket.destroy();
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
  };
}
