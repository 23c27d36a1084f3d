/** Asks for a password: on a terminal without showing it, otherwise the first line of standard input. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { AppError } from '../errors.ts';
import { printable } from '../printable.ts';

const INPUT_BYTES_MAX = 64 * 1024;

/** @throws AppError USAGE if two different ones were typed */
export async function askPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine();
  const [first = '', second] = await askUnseen([`New password of ${name}: `, 'The same again: ']);
  if (first === second) return first;
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

/** @returns what was typed, an answer for each question */
async function askUnseen(questions: readonly string[]): Promise<string[]> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  // From here on the terminal shows nothing, and hands Ctrl-C to us; only then may anybody begin to type.
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
  terminal.on('SIGINT', () => process.emit('SIGINT'));
  const answers: string[] = [];
  try {
    for (const question of questions) {
      process.stderr.write(printable(question));
      answers.push(await terminal.question('').catch(refuseNothing));
      process.stderr.write('\n');
    }
  } finally {
    terminal.close();
  }
  return answers;
}

/** After Ctrl-D. */
function refuseNothing(): never {
  throw new AppError('USAGE', 'No password was typed; nothing was changed.', {
    hint: 'Run the command again.',
  });
}
