/**
 * The quote that keeps a spreadsheet from running a cell, and its way back. Pure.
 *
 * A spreadsheet runs what begins with `=`, `+`, `-` or `@`, full-width ones included, and may begin a cell where we do
 * not: a reader that knows no quoted line breaks begins one after each of them, and one whose locale separates columns by
 * semicolons, after each semicolon. So a quote goes before such a character wherever a cell may begin, behind the spaces
 * and double quotes that are dropped there. Where a quote stands already, one more is added; so taking one off gives back
 * exactly what was there.
 */
import type { SourceRow } from './row.ts';

const FORMULA = '[=+\\-@＝＋－＠]';
/** Excel drops these at the beginning of a cell, and looks at what follows. */
const FORMULA_OR_BLANK = '[=+\\-@＝＋－＠\\t\\r\\n]';
/** Dropped, or invisible, before the first character that counts: quotes, spaces, format and control characters. */
const SKIPPED = '["\\p{Zs}\\p{Cf}\\u0000-\\u0008\\u000e-\\u001f\\u007f-\\u0084\\u0086-\\u009f]*';
const LINE_BREAK = '\\n\\v\\f\\r\\u0085\\u2028\\u2029';
/** Begin a cell in some locale, or after a paste. */
const SEPARATORS = '\\t;|';

interface Places {
  start: RegExp;
  inside: RegExp;
  /** As `inside`, in a text with line breaks: a reader that has lost the quotes there splits at commas too. */
  insideLines: RegExp;
}

/** @param quotes what stands before the character, as part of a regular expression */
function placesBefore(quotes: string): Places {
  const inside = (more: string) =>
    new RegExp(`([${LINE_BREAK}${SEPARATORS}${more}]${SKIPPED})${quotes}(?='*${FORMULA})`, 'gu');
  return {
    start: new RegExp(`^(${SKIPPED})${quotes}(?='*${FORMULA_OR_BLANK})`, 'u'),
    inside: inside(''),
    insideLines: inside(','),
  };
}

const BARE = placesBefore('');
const QUOTED = placesBefore("'");
const HAS_LINE_BREAK = new RegExp(`[${LINE_BREAK}]`);
/** Most cells need no closer look. */
const MAY_RUN = new RegExp(FORMULA_OR_BLANK);

/** The text as a cell that no spreadsheet runs, however it splits the file. */
export function quoteFormulas(text: string): string {
  return MAY_RUN.test(text) ? replaceAt(text, BARE, "$1'") : text;
}

/**
 * For a format in which nothing runs, but which is read as CSV is: only where a quote stands already is one added, so that
 * `unquoteFormulas` leaves it.
 */
export function keepQuotes(text: string): string {
  return text.includes("'") ? replaceAt(text, QUOTED, "$1''") : text;
}

/** Takes off what `quoteFormulas` or `keepQuotes` has added. */
export function unquoteFormulas(text: string): string {
  return text.includes("'") ? replaceAt(text, QUOTED, '$1') : text;
}

/** Takes off only a quote at the beginning: what other programs and people add. */
function unquoteStart(text: string): string {
  return text.includes("'") ? text.replace(QUOTED.start, '$1') : text;
}

function replaceAt(text: string, { start, inside, insideLines }: Places, by: string): string {
  // The beginning comes last: the separators there are looked at before a quote stands among them.
  return text.replace(HAS_LINE_BREAK.test(text) ? insideLines : inside, by).replace(start, by);
}

/**
 * The rows as they were before `quoteFormulas`, if the header says that it was applied: result files and rejects have
 * columns of ours. In other files only a quote at the beginning of a cell goes.
 */
export async function* withoutFormulaQuotes(rows: AsyncIterable<SourceRow>): AsyncGenerator<SourceRow> {
  let unquote: ((text: string) => string) | undefined;
  for await (const row of rows) {
    unquote ??= isOurs(row.values) ? unquoteFormulas : unquoteStart;
    yield { ...row, values: row.values.map(unquote) };
  }
}

const isOurs = (header: readonly string[]) =>
  header.at(-1) === 'error' || header.some((name) => name.startsWith('onboard_'));
