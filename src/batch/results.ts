/**
 * The proof: three files that together hold every row of a batch exactly once, as the source had it, with what became
 * of it. A failed file can be corrected and imported again as it is.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { Transform, type Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { ERROR_CODES, isErrorCode } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Outcome } from '../ledger/outcome.ts';
import type { StoredRow } from '../ledger/row-store.ts';
import { makeOutputFolder, openOutputFile } from './output-file.ts';

export const RESULT_KINDS = ['succeeded', 'failed', 'unprocessed'] as const;
export type ResultKind = (typeof RESULT_KINDS)[number];

const KIND_OF: Record<Outcome, ResultKind> = {
  submitted: 'succeeded',
  unchanged: 'succeeded',
  failed: 'failed',
  pending: 'unprocessed',
  uploading: 'unprocessed',
  uploaded: 'unprocessed',
  submitting: 'unprocessed',
  cancelled: 'unprocessed',
};

export const RESULT_FORMATS = ['csv', 'ndjson'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

const RESULT_PREFIX = 'onboard_';

/** The columns we add, and what stands in them. */
const RESULT_COLUMNS: Record<string, (row: StoredRow) => string> = {
  onboard_row: ({ row }) => String(row),
  onboard_outcome: ({ record }) => record.outcome,
  onboard_code: ({ record }) => record.code ?? '',
  onboard_message: ({ record }) => record.message ?? '',
  onboard_hint: ({ record }) => record.hint ?? hintOf(record.code),
  onboard_request_id: ({ record }) => record.requestId ?? record.authorizeRequestId ?? '',
  onboard_attempts: ({ record }) => String(record.attempts),
  onboard_ambiguous: ({ record }) => String(record.ambiguous),
  onboard_at: ({ record }) => new Date(record.at).toISOString(),
  onboard_batch: ({ record }) => record.batch ?? '',
};

function hintOf(code: string | undefined): string {
  return code !== undefined && isErrorCode(code) ? ERROR_CODES[code].hint : '';
}

/** Writes one file for each kind into a directory; returns their rows and paths. @throws AppError OUTPUT_UNWRITABLE */
export async function writeResultFiles(
  ledger: Ledger,
  batchId: string,
  directory: string,
  format: ResultFormat = 'csv',
) {
  await makeOutputFolder(directory);
  const files = RESULT_KINDS.map((kind) => ({ kind, path: join(directory, `${kind}.${format}`) }));
  const outputs = new Map<ResultKind, Writable>();
  for (const { kind, path } of files) outputs.set(kind, await openOutputFile(path));
  const counts = await writeResults(ledger, batchId, outputs, format);
  return files.map((file) => ({ ...file, rows: counts[file.kind] }));
}

/** Streams the rows of some kinds, each kind to its output; ends the outputs. */
export async function writeResults(
  ledger: Ledger,
  batchId: string,
  outputs: Map<ResultKind, Writable>,
  format: ResultFormat = 'csv',
) {
  const { columns } = await ledger.requireBatch(batchId);
  const kept = columns.flatMap((name, index) =>
    name.toLowerCase().startsWith(RESULT_PREFIX) ? [] : [index],
  );
  const header = [...kept.map((index) => columns[index] as string), ...Object.keys(RESULT_COLUMNS)];
  const writers = new Map(
    [...outputs].map(([kind, output]) => [kind, openWriter(WRITERS[format](header), output)]),
  );
  const counts: Record<ResultKind, number> = { succeeded: 0, failed: 0, unprocessed: 0 };
  for await (const row of ledger.iterateRows(batchId)) {
    const kind = KIND_OF[row.record.outcome];
    const writer = writers.get(kind);
    if (writer === undefined) continue;
    counts[kind]++;
    const own = kept.map((index) => row.input.values[index] ?? '');
    await writer.write([...own, ...Object.values(RESULT_COLUMNS).map((read) => read(row))]);
  }
  await Promise.all([...writers.values()].map((writer) => writer.end()));
  return counts;
}

const WRITERS: Record<ResultFormat, (header: string[]) => Transform> = {
  // A byte order mark, because Excel takes a file without one for the local encoding.
  csv: (columns) =>
    stringify({ header: true, columns, bom: true, escape_formulas: true, record_delimiter: 'windows' }),
  ndjson: (columns) =>
    new Transform({
      writableObjectMode: true,
      transform(values: string[], _encoding, done) {
        const record = Object.fromEntries(columns.map((column, index) => [column, values[index]]));
        done(null, `${JSON.stringify(record)}\n`);
      },
    }),
};

function openWriter(format: Transform, output: Writable) {
  const isDone = finished(format.pipe(output));
  isDone.catch(() => undefined);
  return {
    async write(values: string[]): Promise<void> {
      if (!format.write(values)) await Promise.race([once(format, 'drain'), isDone]);
    },
    async end(): Promise<void> {
      format.end();
      await isDone;
    },
  };
}
