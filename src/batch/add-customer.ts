/**
 * Adds one customer to the stream of its day: the batch that takes single customers of one source, added by one person or
 * program, for one UTC day. It is sealed by the upkeep after that day, or by whoever cancels it; the next customer begins
 * another one.
 */
import { folderOfOne, type GivenAgreement } from '../agreement/one-agreement.ts';
import { fieldColumnsOf } from '../customer/cells.ts';
import { FirstSeen } from '../customer/duplicates.ts';
import { type Customer, INPUT_FIELDS } from '../customer/fields.ts';
import { parseColumns } from '../customer/header.ts';
import type { RowProblem } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import type { Requested } from '../ledger/find-requested.ts';
import { inLine } from '../printable.ts';
import { addJobs } from '../queue/add.ts';
import { newBatchId } from './batch-id.ts';
import type { By } from './by.ts';
import { checkRows } from './check-rows.ts';
import { DEFAULT_PRIORITY, FAILURES_IN_A_ROW_MAX, type Importing } from './import.ts';
import { addCustomerOrderSchema, checkOrder } from './orders.ts';
import type { SpooledRow } from './spool.ts';

export interface AddCustomerOrder extends By {
  customer: Customer;
  agreement: GivenAgreement;
  /** Who or what the customer comes from; by default the one who adds it. */
  source?: string;
  /** The same for a request and its repetition, which so finds the row. */
  requestKey?: string | undefined;
  /** Told everything that is wrong with the customer. */
  onInvalid?: (problems: readonly RowProblem[]) => void;
}

/** Where the row of the customer is. */
export type AddedCustomer = Required<Requested>;

/** A stream may be sealed between any two steps, but hardly again and again. */
const TRIES_MAX = 5;
const COLUMNS = parseColumns(INPUT_FIELDS);

/**
 * In the order of an import: the agreement is stored before its row exists, the row before its job. A kill between two
 * of them leaves a number without a row, or a row to which the upkeep gives its job.
 * @throws AppError INPUT_INVALID if something is wrong with the customer: then nothing was added
 */
export async function addCustomer(importing: Importing, order: AddCustomerOrder): Promise<AddedCustomer> {
  checkOrder(addCustomerOrderSchema, order);
  const { ledger, store } = importing;
  const requested = order.requestKey && (await ledger.findRequested(order.requestKey));
  const done = requested ? await findAdded(importing, requested) : undefined;
  if (done !== undefined) return done;
  const row = await check(importing, order);
  await folderOfOne(order.agreement).keep(row.agreement, row.input.sha256, store);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const place = await reserve(importing, order);
    if (place !== undefined && (await enrol(importing, place, row))) return place;
  }
  throw new AppError('BATCH_STATE', 'The stream of the day was sealed again and again.');
}

/** The row of a request that was repeated, unless it did not come so far: then its job may still be missing. */
async function findAdded(
  importing: Importing,
  { batchId, row = 0 }: Requested,
): Promise<AddedCustomer | undefined> {
  const place = { batchId, row };
  const stored = await importing.ledger.readRow(batchId, row);
  if (stored === undefined) return undefined;
  const { outcome, redrive, custSpaceId } = stored.record;
  if (outcome === 'pending' && redrive === undefined) await giveJob(importing, place, custSpaceId);
  return place;
}

async function check({ ledger }: Importing, order: AddCustomerOrder): Promise<SpooledRow> {
  const { customer, agreement, onInvalid } = order;
  const values = INPUT_FIELDS.map((field) => (field === 'IsvTerms' ? agreement.name : customer[field]));
  const context = { columns: COLUMNS, folder: folderOfOne(agreement), seen: new FirstSeen() };
  const source = { line: 1, values };
  const [checked] = await checkRows({ ...context, findBusy: ledger.findBusy }, [source], 1);
  if (checked?.good !== undefined) return checked.good;
  onInvalid?.(checked?.problems ?? []);
  throw new AppError('INPUT_INVALID', 'Something is wrong with this customer. Nothing was enqueued.');
}

/** @returns undefined if the stream has just been sealed */
async function reserve(importing: Importing, order: AddCustomerOrder): Promise<AddedCustomer | undefined> {
  const { ledger, now } = importing;
  const { by, requestKey } = order;
  const source = inLine(order.source ?? by);
  const day = new Date(now()).toISOString().slice(0, 10);
  const { id: batchId } = await ledger.createBatch({
    id: newBatchId(now()),
    kind: 'stream',
    name: `${source} ${day}`,
    source,
    // By this it is found while it is not sealed. The digest of an import has no spaces. Who adds belongs to it, because
    // a batch has one `by` for all of its rows.
    sourceKey: `stream ${day} ${JSON.stringify([by, source])}`,
    by,
    details: `begun for ${source}`,
    columns: COLUMNS.names,
    fieldColumns: fieldColumnsOf(COLUMNS),
    priority: DEFAULT_PRIORITY,
    maxFailures: FAILURES_IN_A_ROW_MAX,
  });
  const row = await ledger.reserveRow(batchId, requestKey);
  return row === undefined ? undefined : { batchId, row };
}

/** @returns false if the stream was sealed meanwhile */
async function enrol(importing: Importing, place: AddedCustomer, checked: SpooledRow): Promise<boolean> {
  const { batchId, row } = place;
  // Its place among single customers is all that it has of a line.
  const numbered = { ...checked, row, input: { ...checked.input, line: row } };
  try {
    const needed = await importing.ledger.enroll(batchId, [numbered]);
    if (needed.length > 0) await giveJob(importing, place, checked.custSpaceId);
    return true;
  } catch (error) {
    if (error instanceof AppError && CLOSED.includes(error.code)) return false;
    throw error;
  }
}

const CLOSED = ['BATCH_STATE', 'BATCH_UNKNOWN'];

async function giveJob(
  { ledger, queues }: Importing,
  { batchId, row }: AddedCustomer,
  custSpaceId: string,
): Promise<void> {
  const job = { batchId, row, custSpaceId, redrive: 0 };
  // A person may have changed that of the stream.
  const { priority } = await ledger.requireBatch(batchId);
  await addJobs(queues, 'upload', [job], { priority });
}
