/** What is known of one variable of the environment, and how texts become values. */
import { readFileSync } from 'node:fs';

export interface Variable {
  /** One sentence for `.env.example`. */
  description: string;
  /** The setting that it provides, as a path with dots; absent if it is read separately. */
  setting?: string;
  /** From the text of the environment to the value of the setting, which is checked there. */
  read?: (text: string) => unknown;
  /** Another name, which counts if the variable is not set. */
  alias?: string;
  /** What applies without it, if it is not a setting. */
  fallback?: string;
}

export const toNumber = (text: string): unknown => Number(text);
export const toFlag = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text);
export const toList = (text: string): unknown =>
  text
    .split(/[\s,]+/)
    .map((part) => part.trim())
    .filter(Boolean);

/** Windows' editors begin a file with a mark. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    throw new Error(`${path} cannot be read`);
  }
}

export function readJsonFile(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch {
    // The parser quotes the text it stumbled over; a file with secrets must not be quoted.
    throw new Error(`${path} is not JSON`);
  }
}
