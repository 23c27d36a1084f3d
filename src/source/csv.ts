/** Reads a CSV file as Excel reads it, as a stream of rows with their line numbers; memory does not grow with the file. */
import { pipeline, type Readable } from 'node:stream';
import { CsvError, type Parser, parse } from 'csv-parse';
import { AppError } from '../errors.ts';
import { readText } from './decode.ts';
import { nameOfDelimiter, recogniseDialect } from './dialect.ts';
import { withoutLeftovers } from './leftovers.ts';
import { quoted } from './quoted.ts';
import type { SourceRow, TextOptions } from './row.ts';

/** Longest record, in characters. An unclosed quote swallows the rest of the file: this stops it early. */
const RECORD_LENGTH_MAX = 128 * 1024;

/** Most cells of a record, those aside that are empty and last. A thousand records are in memory at a time. */
const CELLS_MAX = 1000;

/** As much of a file as its separator is recognised by, in characters. */
const HEAD_LENGTH = 64 * 1024;

/**
 * Yields every record, the header first, as text exactly as it is in the file. Records without any text are left out.
 * @throws AppError INPUT_ENCODING, INPUT_QUOTE, INPUT_TOO_LONG
 */
export async function* readCsv(input: Readable, options: TextOptions): AsyncGenerator<SourceRow> {
  const text = withoutLeftovers(readText(input, options));
  const head = await takeHead(text);
  const { delimiter, skip } = recogniseDialect(head, options.delimiter);
  const note = nameOfDelimiter(delimiter);
  if (note !== undefined && options.delimiter === undefined) options.onNote?.(note);
  const place: Place = { next: skip > 0 ? 2 : 1, empty: 0 };
  const parser = createParser(delimiter, place);
  // Its errors reach us through the parser.
  pipeline(withHead(head.slice(skip), text), parser, () => undefined);
  try {
    yield* parser as AsyncIterable<SourceRow>;
  } catch (error) {
    // The parser runs ahead of its reader, so this is where the parser was.
    throw explain(error, place.next);
  }
}

async function takeHead(text: AsyncGenerator<string>): Promise<string> {
  let head = '';
  while (head.length < HEAD_LENGTH) {
    const next = await text.next();
    if (next.done) break;
    head += next.value;
  }
  return head;
}

async function* withHead(head: string, text: AsyncGenerator<string>): AsyncGenerator<string> {
  if (head !== '') yield head;
  yield* text;
}

/** How far the parser is. */
interface Place {
  /** Line on which the next record begins, unless lines before it are empty. */
  next: number;
  /** Empty lines so far. */
  empty: number;
}

function createParser(delimiter: string, place: Place): Parser {
  return parse({
    delimiter,
    max_record_size: RECORD_LENGTH_MAX,
    raw: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    on_record: (parsed: unknown, { empty_lines }) => {
      const { record, raw } = parsed as { record: string[]; raw: string };
      const line = place.next + empty_lines - place.empty;
      place.next = line + 1 + countLineBreaks(record);
      place.empty = empty_lines;
      const values = withoutLastEmpty(record);
      if (values.every((value) => value.trim() === '')) return null;
      checkRecord(values, { raw, line });
      // The parser's types know only records of text.
      return { line, values: record.length > CELLS_MAX ? values : record } as never;
    },
  });
}

function countLineBreaks(record: readonly string[]): number {
  return record.reduce((sum, value) => sum + (value.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
}

function withoutLastEmpty(record: string[]): string[] {
  const last = record.findLastIndex((value) => value !== '');
  return last === record.length - 1 ? record : record.slice(0, last + 1);
}

/**
 * A quote inside a field is part of it. One that seems to begin a field and does not, or to end one and does not, may
 * have moved every cell behind it: nobody can know what was meant.
 */
function checkRecord(values: readonly string[], { raw, line }: { raw: string; line: number }): void {
  if (values.length > CELLS_MAX)
    throw new AppError(
      'INPUT_TOO_LONG',
      `Line ${line} has ${values.length} cells; the limit is ${CELLS_MAX}.`,
    );
  // The parser takes a zero for the end of the text, and drops the quotes before it.
  if (raw.includes('"\0'))
    throw new AppError('INPUT_QUOTE', `Line ${line}: a character zero follows a quote.`, {
      hint: 'Look at this line in an editor: something has damaged the file.',
    });
  for (const value of values) {
    if (!value.includes('"')) continue;
    if (value.startsWith('"') && !raw.includes(`"${value.replaceAll('"', '""')}"`))
      throw new AppError('INPUT_QUOTE', `Line ${line}: text follows the closing quote in ${quoted(value)}.`, {
        hint: 'Put quotes around the whole cell and double those inside it: """Acme"" Ltd".',
      });
    if (/^\s+"/.test(value) && !raw.includes(`"${value.replaceAll('"', '""')}"`))
      throw new AppError(
        'INPUT_QUOTE',
        `Line ${line}: a space stands before the quote in ${quoted(value)}.`,
        {
          hint: 'Remove the space between the separator and the quote.',
        },
      );
  }
}

function explain(error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const what =
    error.code === 'CSV_MAX_RECORD_SIZE'
      ? `this row has more than ${RECORD_LENGTH_MAX} characters; perhaps a quote opens here and is never closed`
      : 'a quote opens here and is never closed';
  return new AppError('INPUT_QUOTE', `Line ${line}: ${what}.`, { cause: error });
}
