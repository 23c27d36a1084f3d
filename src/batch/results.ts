/**
 * The proof: three files that together hold every row of a batch exactly once, as the source had it, with what became
 * of it. A failed file can be corrected and imported again as it is.
 */
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { restoreCells } from '../customer/cells.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Outcome } from '../ledger/outcome.ts';
import type { StoredRow } from '../ledger/row-record.ts';
import { makeOutputFolder, type OutputFile, openOutputFile } from './output-file.ts';
import { checkOutputPlace, type OutputRules } from './output-place.ts';
import { RESULT_COLUMNS, RESULT_PREFIX } from './result-columns.ts';
import { openTableWriter, type ResultFormat } from './table-writer.ts';

export const RESULT_KINDS = ['succeeded', 'failed', 'unprocessed'] as const;
/** Each row of a batch is in the results of exactly one kind. */
export type ResultKind = (typeof RESULT_KINDS)[number];

const KIND_OF: Record<Outcome, ResultKind> = {
  submitted: 'succeeded',
  unchanged: 'succeeded',
  failed: 'failed',
  pending: 'unprocessed',
  waiting: 'unprocessed',
  uploading: 'unprocessed',
  uploaded: 'unprocessed',
  submitting: 'unprocessed',
  cancelled: 'unprocessed',
};

/** One file of the proof. */
export interface ResultFile {
  kind: ResultKind;
  path: string;
  rows: number;
}

/** Where the files of the proof go, and in which format. */
export interface ResultFilesOrder extends OutputRules {
  directory: string;
  format?: ResultFormat;
}

const filesOf = ({ directory, format = 'csv' }: ResultFilesOrder) =>
  RESULT_KINDS.map((kind) => ({ kind, path: join(directory, `${kind}.${format}`) }));

/**
 * Makes the directory and looks at its files, before the work whose results they will be.
 * @returns the files that will be written
 * @throws AppError OUTPUT_UNWRITABLE, OUTPUT_EXISTS, OUTPUT_IS_INPUT
 */
export async function prepareResultFiles(order: ResultFilesOrder): Promise<string[]> {
  await makeOutputFolder(order.directory);
  const files = filesOf(order).map(({ path }) => path);
  for (const path of files) await checkOutputPlace(path, order);
  return files;
}

/**
 * Writes one file for each kind into a directory; none is there before all are complete.
 * @throws AppError OUTPUT_UNWRITABLE, OUTPUT_EXISTS, OUTPUT_IS_INPUT
 */
export async function writeResultFiles(
  ledger: Ledger,
  batchId: string,
  order: ResultFilesOrder,
): Promise<ResultFile[]> {
  await makeOutputFolder(order.directory);
  const files = filesOf(order);
  const opened: OutputFile[] = [];
  try {
    const outputs: ResultsOrder['outputs'] = {};
    for (const { kind, path } of files) {
      const file = await openOutputFile(path, order);
      opened.push(file);
      outputs[kind] = file.stream;
    }
    const counts = await writeResults(ledger, batchId, { outputs, format: order.format });
    for (const file of opened) await file.publish();
    return files.map((file) => ({ ...file, rows: counts[file.kind] }));
  } finally {
    await Promise.all(opened.map((file) => file[Symbol.asyncDispose]()));
  }
}

/** Where the proof is streamed to. */
export interface ResultsOrder {
  /** Where the rows of each kind go; kinds without an output are left out. */
  outputs: Partial<Record<ResultKind, Writable>>;
  format?: ResultFormat | undefined;
}

/** Streams the rows of some kinds, each kind to its output, and closes the outputs. @returns rows of each kind */
export async function writeResults(
  ledger: Ledger,
  batchId: string,
  { outputs, format = 'csv' }: ResultsOrder,
): Promise<Record<ResultKind, number>> {
  const { columns, fieldColumns } = await ledger.requireBatch(batchId);
  const kept = columns.flatMap((name, index) =>
    name.toLowerCase().startsWith(RESULT_PREFIX) ? [] : [{ name, index }],
  );
  const header = [...kept.map(({ name }) => name), ...Object.keys(RESULT_COLUMNS)];
  const wanted = RESULT_KINDS.flatMap((kind) => (outputs[kind] ? [[kind, outputs[kind]] as const] : []));
  const writers = new Map(wanted.map(([kind, output]) => [kind, openTableWriter(output, header, format)]));
  const counts = { succeeded: 0, failed: 0, unprocessed: 0 };
  const isWanted = ({ record }: StoredRow) => writers.has(KIND_OF[record.outcome]);
  for await (const chunk of ledger.iterateChunks(batchId)) {
    const rows = chunk.filter(isWanted);
    const reviews = await ledger.readReviews(batchId, rows);
    for (const row of rows) {
      const kind = KIND_OF[row.record.outcome];
      counts[kind]++;
      const cells = restoreCells({ columns, fieldColumns }, row.input);
      const own = kept.map(({ index }) => cells[index] ?? '');
      const reviewed = { ...row, review: reviews.get(row.row) };
      await writers
        .get(kind)
        ?.write([...own, ...Object.values(RESULT_COLUMNS).map((read) => read(reviewed))]);
    }
  }
  await Promise.all([...writers.values()].map((writer) => writer.end()));
  return counts;
}
