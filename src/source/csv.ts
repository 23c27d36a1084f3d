/** Reads a CSV file as a stream of rows with their line numbers; memory does not grow with the file. */
import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { AppError } from '../errors.ts';
import { decodeText } from './decode.ts';
import type { SourceRow, TextOptions } from './row.ts';

/** Longest record, in characters. An unclosed quote swallows the rest of the file: this stops it early. */
const RECORD_LENGTH_MAX = 128 * 1024;

/**
 * Yields every record, the header first, as text exactly as it is in the file.
 * @throws AppError INPUT_ENCODING or INPUT_QUOTE.
 */
export async function* readCsv(input: Readable, options: TextOptions): AsyncGenerator<SourceRow> {
  let parsedTo: Place = { lines: 0, empty_lines: 0 };
  let doubled = 0;
  const parser = parse({
    bom: true,
    delimiter: options.delimiter,
    max_record_size: RECORD_LENGTH_MAX,
    relax_column_count: true,
    skip_empty_lines: true,
    on_record: (record: string[], { lines, empty_lines }) => {
      const line = parsedTo.lines + 1 + empty_lines - parsedTo.empty_lines;
      // csv-parse counts a CRLF inside quotes as two lines.
      doubled += countLineBreaks(record);
      parsedTo = { lines: lines - doubled, empty_lines };
      // The parser's types know only records of text.
      return { line, values: record } as never;
    },
  });
  const decoder = decodeText(options.encoding);
  input.on('error', (error) => parser.destroy(error));
  decoder.on('error', (error) => parser.destroy(error));
  input.pipe(decoder).pipe(parser);
  try {
    yield* parser as AsyncIterable<SourceRow>;
  } catch (error) {
    // The parser runs ahead of its reader, so this is where the parser was.
    throw explain(error, parsedTo.lines + 1);
  }
}

/** How far the parser is, in lines of the file. */
interface Place {
  lines: number;
  empty_lines: number;
}

function countLineBreaks(record: readonly string[]): number {
  return record.reduce(
    (sum, value) => sum + (value.includes('\r\n') ? value.split('\r\n').length - 1 : 0),
    0,
  );
}

function explain(error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const isOpen = error.code === 'CSV_MAX_RECORD_SIZE' || error.code === 'CSV_QUOTE_NOT_CLOSED';
  const what = isOpen
    ? 'a quote opens here and is never closed'
    : 'a field that does not start with a quote contains one';
  return new AppError('INPUT_QUOTE', `Line ${line}: ${what}.`, { cause: error });
}
