/**
 * What clients ask of a Redis, by its MONITOR. Over a socket of its own: ioredis takes what is told in the same packet as
 * the answer to MONITOR for answers to other commands.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

export interface AskedCommand {
  /** In small letters. */
  command: string;
  /** As MONITOR writes them: what is no plain character is escaped. */
  values: string[];
}

/** `+1700000000.123456 [0 127.0.0.1:50000] "GET" "key"`, or `[0 lua]` for what a script does. */
const TOLD = /^\+[\d.]+ \[\d+ (\S+)\] (.*)$/;
const VALUE = /"((?:[^"\\]|\\.)*)"/g;

/** @param heard is not told what scripts do. @returns ends it */
export async function monitorRedis(url: string, heard: (asked: AskedCommand) => void): Promise<() => void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const lines = createInterface({ input: socket });
  const started = once(lines, 'line');
  lines.on('line', (line) => {
    const [, source, told = ''] = TOLD.exec(line) ?? [];
    if (source === undefined || source === 'lua') return;
    const [command = '', ...values] = Array.from(told.matchAll(VALUE), ([, value = '']) => value);
    heard({ command: command.toLowerCase(), values });
  });
  socket.write('MONITOR\r\n');
  await started;
  return () => socket.destroy();
}
