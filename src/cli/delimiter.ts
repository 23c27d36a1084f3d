import { InvalidArgumentError } from 'commander';

/** What would be read as something else. */
const NOT_A_SEPARATOR = /["\r\n\p{L}\p{N}]/u;

/** Parses a column separator: one character, or `\t` for a tab. */
export function parseDelimiter(text: string): string {
  const character = text === '\\t' ? '\t' : text;
  if ([...character].length === 1 && !NOT_A_SEPARATOR.test(character)) return character;
  throw new InvalidArgumentError(
    'Give one character that is no letter, digit, quote or line break, such as ";"; \\t for a tab.',
  );
}
