/** Data goes to standard output, everything a person reads goes to standard error. */
import { once } from 'node:events';

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

export async function print(text: string): Promise<void> {
  if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
}

export const isInteractive = () => process.stderr.isTTY === true;

/** Replaces the last line of the terminal. */
export function redraw(text: string): void {
  process.stderr.write(`\r\u001b[2K${text}`);
}
