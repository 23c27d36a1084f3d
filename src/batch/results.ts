/**
 * The proof: three files that together hold every row of a batch exactly once, as the source had it, with what became
 * of it. A failed file can be corrected and imported again as it is.
 */
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { restoreCells } from '../customer/cells.ts';
import { ERROR_CODES, isErrorCode } from '../error-codes.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Outcome } from '../ledger/outcome.ts';
import type { RowRecord, StoredRow } from '../ledger/row-record.ts';
import { makeOutputFolder, type OutputFile, openOutputFile } from './output-file.ts';
import { checkOutputPlace, type OutputRules } from './output-place.ts';
import { openTableWriter, type ResultFormat } from './table-writer.ts';

export const RESULT_KINDS = ['succeeded', 'failed', 'unprocessed'] as const;
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

const RESULT_PREFIX = 'onboard_';

/** The columns we add, and what they hold. */
const RESULT_COLUMNS: Record<string, (row: StoredRow) => string> = {
  onboard_row: ({ row }) => String(row),
  onboard_outcome: ({ record }) => record.outcome,
  onboard_code: ({ record }) => record.code ?? '',
  onboard_message: ({ record }) => record.message ?? messageOf(record),
  onboard_hint: ({ record }) => record.hint ?? hintOf(record.code),
  onboard_request_id: ({ record }) => record.requestId ?? record.authorizeRequestId ?? '',
  onboard_attempts: ({ record }) => String(record.attempts),
  onboard_ambiguous: ({ record }) => String(record.ambiguous),
  onboard_at: ({ record }) => new Date(record.at).toISOString(),
  onboard_batch: ({ record }) => record.lead?.batchId ?? '',
};

/** What another row has to do with this one. */
function messageOf({ outcome, lead, submittedAt, code, superseded }: RowRecord): string {
  if (lead === undefined) return '';
  const row = `row ${lead.row} of batch ${lead.batchId}`;
  if (outcome === 'unchanged') {
    const when = submittedAt === undefined ? '' : ` at ${new Date(submittedAt).toISOString()}`;
    return `The same data was submitted${when}: ${row}.`;
  }
  if (outcome === 'waiting') return `Waits for ${row}, which sends the same data.`;
  if (superseded) return `Newer data was submitted since: ${row}.`;
  if (code === 'CUSTOMER_BUSY') return `The customer is being sent with other data: ${row}.`;
  if (code === 'CUSTOMER_PARKED') return `Whether the same data arrived is unknown: ${row}.`;
  return `Has the same data as ${row}, which failed.`;
}

function hintOf(code: string | undefined): string {
  return code !== undefined && isErrorCode(code) ? ERROR_CODES[code].hint : '';
}

export interface ResultFile {
  kind: ResultKind;
  path: string;
  rows: number;
}

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
  for await (const row of ledger.iterateRows(batchId)) {
    const kind = KIND_OF[row.record.outcome];
    const writer = writers.get(kind);
    if (writer === undefined) continue;
    counts[kind]++;
    const cells = restoreCells({ columns, fieldColumns }, row.input);
    const own = kept.map(({ index }) => cells[index] ?? '');
    await writer.write([...own, ...Object.values(RESULT_COLUMNS).map((read) => read(row))]);
  }
  await Promise.all([...writers.values()].map((writer) => writer.end()));
  return counts;
}
