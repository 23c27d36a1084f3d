/** Reads NDJSON: one object per line. The keys of the first object are the columns. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { decodeText } from './decode.ts';
import type { SourceRow, TextOptions } from './row.ts';

/** Longest line, in characters. */
const LINE_LENGTH_MAX = 128 * 1024;

/** As much of a key as a message shows, in characters. */
const KEY_LENGTH_SHOWN_MAX = 100;

/** Ids are text: a number would already have lost its leading zeros, and a long one its last digits. */
const recordSchema = z.record(
  z.string(),
  z.union([z.string(), z.boolean().transform(String), z.null().transform(() => '')]),
);

/** @throws AppError INPUT_JSON with the line */
export async function* readNdjson(input: Readable, options: TextOptions): AsyncGenerator<SourceRow> {
  const text = input.pipe(decodeText(options.encoding));
  // `pipe` passes no errors on: a file that cannot be read to its end must not look as if it ended there.
  input.on('error', (error) => text.destroy(error));
  let columns: string[] | undefined;
  let line = 0;
  let failure: unknown;
  text.on('error', (error) => {
    failure = error;
  });
  for await (const content of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (content.trim() === '') continue;
    const record = parseRecord(content.replace(/^\ufeff/, ''), line);
    if (columns === undefined) {
      columns = Object.keys(record);
      yield { line: 0, values: columns };
    }
    const known = columns;
    const unknown = Object.keys(record).find((key) => !known.includes(key));
    if (unknown !== undefined)
      throw new AppError(
        'INPUT_JSON',
        `Line ${line}: the key ${quoted(unknown)} is not in the first object.`,
      );
    yield { line, values: known.map((column) => record[column] ?? '') };
  }
  if (failure) throw failure;
}

const quoted = (key: string) => `"${key.slice(0, KEY_LENGTH_SHOWN_MAX)}"`;

function parseRecord(content: string, line: number): Record<string, string> {
  if (content.length > LINE_LENGTH_MAX)
    throw new AppError('INPUT_JSON', `Line ${line} has more than ${LINE_LENGTH_MAX} characters.`);
  try {
    return recordSchema.parse(JSON.parse(content));
  } catch (error) {
    const key = error instanceof z.ZodError ? error.issues[0]?.path.join('.') : undefined;
    const what =
      key === undefined
        ? 'is not one JSON object'
        : `has a value for ${quoted(key)} that is not text (put numbers in quotes)`;
    throw new AppError('INPUT_JSON', `Line ${line} ${what}.`);
  }
}
