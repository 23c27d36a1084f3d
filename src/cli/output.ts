/**
 * Data goes to standard output, everything a person reads goes to standard error. What is printed may hold text from
 * outside, so a terminal gets nothing here that it would obey.
 */
import { writeTo } from '../batch/output-file.ts';
import { printable } from '../printable.ts';

export function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

export async function print(text: string): Promise<void> {
  await writeTo(process.stdout, `${printable(text)}\n`);
}

export const isInteractive = () => process.stderr.isTTY === true;

/** Replaces the last line of the terminal. */
export function redraw(text: string): void {
  process.stderr.write(`\r\u001b[2K${printable(text)}`);
}
