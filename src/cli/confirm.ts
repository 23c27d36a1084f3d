/** Asks a person to type something, so that nothing grave happens by a slip. */
import { createInterface } from 'node:readline/promises';
import { AppError } from '../errors.ts';
import { printable } from '../printable.ts';

/**
 * @param wanted what must be typed
 * @throws AppError USAGE if something else is typed, or if nobody is there to type
 */
export async function confirm(question: string, wanted: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new AppError('USAGE', `${question} Nobody is there to confirm it: add --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await terminal.question(printable(`${question} Type ${wanted} to confirm: `));
    if (typed.trim() !== wanted) throw new AppError('USAGE', 'Not confirmed; nothing was changed.');
  } finally {
    terminal.close();
  }
}
