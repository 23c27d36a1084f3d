/** Reads NDJSON: one object per line. The keys of the first object are the columns. */
import type { Readable } from 'node:stream';
import { AppError } from '../errors.ts';
import { readText } from './decode.ts';
import { withoutLeftovers } from './leftovers.ts';
import { linesOf } from './lines.ts';
import { quoted } from './quoted.ts';
import type { SourceRow, TextOptions } from './row.ts';

/** Longest line, in characters. */
const LINE_LENGTH_MAX = 128 * 1024;

/** Most keys of an object. A thousand rows are in memory at a time. */
const KEYS_MAX = 1000;

/** @throws AppError INPUT_JSON with the line, INPUT_ENCODING, INPUT_TOO_LONG */
export async function* readNdjson(input: Readable, options: TextOptions): AsyncGenerator<SourceRow> {
  const text = withoutLeftovers(readText(input, options));
  let columns: Map<string, number> | undefined;
  for await (const { line, content } of linesOf(text, checkLength)) {
    if (content.trim() === '') continue;
    const record = parseRecord(content, line);
    if (columns === undefined) {
      columns = new Map(record.map(([key], index) => [key, index]));
      yield { line: 0, values: [...columns.keys()] };
    }
    yield { line, values: valuesOf(record, columns, line) };
  }
}

function checkLength(length: number, line: number): void {
  if (length > LINE_LENGTH_MAX) throw refusal(line, `has more than ${LINE_LENGTH_MAX} characters`);
}

const refusal = (line: number, what: string) => new AppError('INPUT_JSON', `Line ${line} ${what}.`);

function valuesOf(record: [string, string][], columns: Map<string, number>, line: number): string[] {
  const values = new Array<string>(columns.size).fill('');
  for (const [key, value] of record) {
    const index = columns.get(key);
    if (index === undefined)
      throw new AppError('INPUT_JSON', `Line ${line}: the key ${quoted(key)} is not in the first object.`);
    values[index] = value;
  }
  return values;
}

/** The keys of an object with their values as text. Entries, because `__proto__` is a key like any other. */
function parseRecord(content: string, line: number): [string, string][] {
  const parsed = parseObject(content, line);
  const entries = Object.entries(parsed);
  if (entries.length > KEYS_MAX) throw refusal(line, `has ${entries.length} keys; the limit is ${KEYS_MAX}`);
  const record = entries.map(([key, value]): [string, string] => [key, textOf(key, value, line)]);
  checkRepeated(content, entries.length, line);
  return record;
}

function parseObject(content: string, line: number): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    const isPart = /^\s*[[{]\s*$/.test(content);
    const why = isPart ? '; write each object on a line of its own, without a list around them' : '';
    throw refusal(line, `is not one JSON object${why}`);
  }
  if (Array.isArray(parsed))
    throw refusal(line, 'is a JSON list; write each of its objects on a line of its own');
  if (typeof parsed !== 'object' || parsed === null) throw refusal(line, 'is not one JSON object');
  return parsed;
}

/** Ids are text: a number would already have lost its leading zeros, and a long one its last digits. */
function textOf(key: string, value: unknown, line: number): string {
  const name = quoted(key);
  if (!key.isWellFormed())
    throw refusal(line, `has the key ${name}, which holds half a character (a lone surrogate)`);
  if (value === null) return '';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number')
    throw refusal(line, `has a value for ${name} that is not text but the number ${value}; put it in quotes`);
  if (typeof value !== 'string')
    throw refusal(
      line,
      `has a value for ${name} that is not text but ${Array.isArray(value) ? 'a list' : 'an object'}`,
    );
  if (!value.isWellFormed())
    throw refusal(
      line,
      `has a value for ${name} that holds half a character (a lone surrogate, such as \\ud800)`,
    );
  return value;
}

const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** `JSON.parse` keeps the last of two equal keys, and nobody would know that there was another value. */
function checkRepeated(content: string, keys: number, line: number): void {
  const found: string[] = [];
  for (const [string, colon] of content.matchAll(STRINGS)) if (colon !== undefined) found.push(string);
  if (found.length === keys) return;
  const seen = new Set<string>();
  const repeated = found
    .map((string) => JSON.parse(string.replace(/\s*:$/, '')) as string)
    .find((key) => seen.size === seen.add(key).size);
  throw refusal(line, `has the key ${quoted(repeated ?? '')} twice`);
}
