/** Data goes to standard output, everything a person reads goes to standard error. */
import { writeTo } from '../batch/output-file.ts';

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

export async function print(text: string): Promise<void> {
  await writeTo(process.stdout, `${text}\n`);
}

export const isInteractive = () => process.stderr.isTTY === true;

/** Replaces the last line of the terminal. */
export function redraw(text: string): void {
  process.stderr.write(`\r\u001b[2K${text}`);
}
