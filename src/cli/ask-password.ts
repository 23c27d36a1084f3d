/** Asks for a password: on a terminal without showing it, otherwise the first line of standard input. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { AppError } from '../errors.ts';

const INPUT_BYTES_MAX = 64 * 1024;

/** @throws AppError USAGE if two different ones were typed */
export async function askPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine();
  const first = await askUnseen(`New password of ${name}: `);
  if ((await askUnseen('The same again: ')) === first) return first;
  throw new AppError('USAGE', 'These are two different passwords; nothing was changed.', {
    hint: 'Run the command again.',
  });
}

async function firstLine(): Promise<string> {
  const given = await text(process.stdin);
  if (given.length > INPUT_BYTES_MAX)
    throw new AppError('USAGE', 'Standard input is too long for a password.');
  return given.split(/\r?\n/)[0] ?? '';
}

async function askUnseen(question: string): Promise<string> {
  process.stderr.write(question);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
  // The terminal hands Ctrl-C to us while it shows nothing.
  terminal.on('SIGINT', () => {
    terminal.close();
    process.kill(process.pid, 'SIGINT');
  });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
