/**
 * Registers the rows of a source as one batch: checked as a whole, then enqueued as a whole. Importing the same rows
 * again after an interrupted import completes that batch.
 */
import type { AgreementFolder } from '../agreement/folder.ts';
import { openAgreements } from '../agreement/open-agreements.ts';
import type { AgreementStore } from '../agreement/store.ts';
import { fieldColumnsOf } from '../customer/cells.ts';
import { AppError } from '../errors.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import { inLine } from '../printable.ts';
import { PRIORITY } from '../queue/priority.ts';
import { plural } from '../text.ts';
import { newBatchId } from './batch-id.ts';
import type { By } from './by.ts';
import { enqueue } from './enqueue.ts';
import { checkOrder, importOrderSchema } from './orders.ts';
import { inputOf, nameOf, type SourceOrder } from './source-order.ts';
import { openSpool, type Spool } from './spool.ts';
import { type InvalidRowSink, type ValidationSummary, validateSource } from './validate-source.ts';

export interface ImportOrder extends SourceOrder, By {
  /** Name of the batch; by default that of the source. */
  name?: string;
  /** Lower goes first. */
  priority?: number;
  /** The batch pauses after more than this many identical refusals in a row; 0 for never. */
  maxFailures?: number;
  /** Earliest time at which the rows may be sent, in milliseconds since 1970; by default at once. */
  notBefore?: number;
  /** Enqueue the good rows even if others are bad. */
  skipInvalid?: boolean;
  /** The same for a request and its repetition, which so finds the batch. */
  requestKey?: string | undefined;
  /** Called when the batch exists and before its rows are added, with how many there will be. */
  onBegin?: (batchId: string, rows: number) => void;
  /** Called with the number of rows enqueued so far. */
  onProgress?: (rows: number) => void;
}

/** What an import found in its source. */
export interface Checked {
  summary: ValidationSummary;
  /** How long the good rows take at the current pace, in seconds. */
  seconds: number;
}

/** The batch that an import has begun or completed. */
export interface Imported extends Checked {
  batchId: string;
  /** The batch was started by an earlier import of the same rows, which was interrupted. */
  isResumed: boolean;
}

export type Importing = Pick<OpenAccount, 'ledger' | 'queues' | 'traces' | 'pacer' | 'now'> & {
  store: AgreementStore;
};

/** Of a batch that is as urgent as any other. */
export const DEFAULT_PRIORITY = PRIORITY.normal;
/** A mistake that all rows share should not cost all rows. */
export const FAILURES_IN_A_ROW_MAX = 20;

/** @throws AppError INPUT_INVALID if no row is good, or one is bad and bad rows are not to be skipped; INPUT_… for the source as a whole */
export async function importBatch(importing: Importing, order: ImportOrder): Promise<Imported> {
  // Also what was interrupted is found by beginning it: so the request that completes it is noted.
  return importInto(importing, order, (summary) => begin(importing, order, summary));
}

/** Checks everything that an import would check, other batches included, and enqueues nothing. */
export async function dryRun(importing: Importing, order: ImportOrder): Promise<Checked> {
  checkOrder(importOrderSchema, order);
  await using spool = await openSpool();
  await using folder = await openAgreements(order.agreements, order.onRemark);
  // Awaited here: the spool is closed when this function returns.
  return await check(importing, order, { folder, spool });
}

/** @param find the batch that these rows complete, or a new one */
export async function importInto(
  importing: Importing,
  order: ImportOrder,
  find: (summary: ValidationSummary) => Promise<{ id: string; isNew: boolean }>,
): Promise<Imported> {
  checkOrder(importOrderSchema, order);
  await using folder = await openAgreements(order.agreements, order.onRemark);
  await using spool = await openSpool();
  const { summary, seconds } = await check(importing, order, { folder, spool });
  const { id: batchId, isNew } = await find(summary);
  const details = describeRows(order, summary);
  if (!isNew) await importing.ledger.note(batchId, { by: order.by, action: 'import resumed', details });
  // As the batch was begun, also where another call completes it.
  const { priority, notBefore } = await importing.ledger.requireBatch(batchId);
  const { onProgress } = order;
  order.onBegin?.(batchId, summary.good);
  await enqueue({ ...importing, folder, spool, batchId, priority, notBefore, onProgress });
  await importing.ledger.seal(batchId);
  if ((await importing.ledger.requireBatch(batchId)).cancelledAt !== undefined)
    throw new AppError('BATCH_STATE', `Batch ${batchId} was cancelled while its rows were added.`);
  return { batchId, isResumed: !isNew, summary, seconds };
}

async function check(
  { ledger, pacer }: Importing,
  order: ImportOrder,
  { folder, spool }: { folder: AgreementFolder; spool: Spool },
): Promise<Checked> {
  const { findBusy } = ledger;
  const sinks = {
    good: spool.write,
    bad: async (...row: Parameters<InvalidRowSink>) => order.onInvalid?.(...row),
    warn: order.onWarning,
  };
  const { strictPdf } = order;
  const summary = await validateSource({ ...inputOf(order), folder, findBusy, strictPdf }, sinks);
  const { bad, rows, problems } = summary;
  const isAccepted = bad === 0 || (order.skipInvalid === true && summary.good > 0);
  if (isAccepted) return { summary, seconds: (summary.good * (await pacer.slowestIntervalMs())) / 1000 };
  const tally = `${plural(problems, 'problem')} in ${bad} of ${plural(rows, 'row')}`;
  throw new AppError('INPUT_INVALID', `${nameOf(order)}: ${tally}. Nothing was enqueued.`);
}

const describeRows = (order: ImportOrder, { good }: ValidationSummary) =>
  `${plural(good, 'row')} of ${nameOf(order)}`;

function begin({ ledger, now }: Importing, order: ImportOrder, summary: ValidationSummary) {
  const { sourceKey, columns } = summary;
  const { by, priority = DEFAULT_PRIORITY, maxFailures = FAILURES_IN_A_ROW_MAX } = order;
  const { notBefore, requestKey } = order;
  const source = nameOf(order);
  return ledger.createBatch({
    id: newBatchId(now()),
    kind: 'import',
    name: inLine(order.name ?? source),
    source,
    sourceKey,
    requestKey,
    by,
    details: describeRows(order, summary),
    columns: columns.names,
    fieldColumns: fieldColumnsOf(columns),
    priority,
    maxFailures,
    notBefore,
  });
}
