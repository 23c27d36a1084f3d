/**
 * One attempt at a task of a channel whose purchases become customers of Chat App. Only creates are work: the customer is
 * added to the main job once, however often an attempt is repeated, and its row is looked at until it is over. Until its
 * data are complete, the buyer finds a form where the instance would be.
 */
import { AppError } from '../../errors.ts';
import type { RowRecord } from '../../ledger/row-record.ts';
import type { OpenAccount } from '../../onboarding/open-account.ts';
import { type CollectedData, collectData } from '../chatapp/collect-data.ts';
import { addToStream, dataKeyOf, findRegistered } from '../chatapp/register.ts';
import { judgeRow, type RowVerdict } from '../chatapp/row-outcome.ts';
import type { CustomerRow } from '../registry/instance-record.ts';
import { type Attempt, endingOf, lostToAnother } from './attempt.ts';
import type { Begun } from './begin-task.ts';
import {
  addedAs,
  doneAs,
  forgotten,
  inProgress,
  refusedFor,
  waitingFor,
  withdrawn,
} from './chatapp-endings.ts';
import type { ChatAppWay } from './chatapp-way.ts';
import type { Ending } from './end-task.ts';
import { resolveOrder } from './resolve-order.ts';

/** Before the customer is tried again whose other row was in the way, in milliseconds. */
const BUSY_MS = 30_000;

/** Never throws: what went wrong is in the ending. */
export async function workByChatApp(way: ChatAppWay, { begun, writes }: Attempt): Promise<Ending> {
  // Chat App knows no freezing, no end and no products.
  if (begun.task.type !== 'instance.create') return { outcome: 'done', set: {}, isReady: false };
  try {
    // What Redis may still forget, the marketplace would ask for again under another id, and nobody would know the first.
    await writes.confirm();
    const resolved = await resolveOrder(way, begun);
    if (resolved === undefined) throw lostToAnother();
    const { customer } = resolved.instance;
    return customer === undefined ? await register(way, resolved) : await look(way, resolved, customer);
  } catch (error) {
    return endingOf(begun, error);
  }
}

async function register(way: ChatAppWay, begun: Begun): Promise<Ending> {
  const { channel, seal, account } = way;
  const { instance } = begun;
  const store = await way.store();
  const data = await collectData({ mapping: channel.provision, instance, seal, store });
  const registered = await findRegistered(account, data.customer.CustSpaceId);
  if (registered !== undefined) return doneAs(way, begun, registered);
  const { complete } = data;
  const dataKey = complete && dataKeyOf(channel.slug, instance, complete);
  if (instance.wanted === 'released') return withdrawn(await wasAdded(account, dataKey));
  if (complete === undefined || dataKey === undefined) return waitingFor(way, begun, data);
  // These were refused, and nobody has changed them since.
  if (dataKey === instance.dataKey) return waitingFor(way, begun, refusedBefore(data, begun));
  const added = await addToStream(
    { ...account, store },
    { slug: channel.slug, requestKey: dataKey, data: complete },
  );
  if (added.verdict === 'added') return addedAs(added.customer, dataKey);
  if (added.verdict === 'busy') return inProgress('the customer is being sent with other data', BUSY_MS);
  return waitingFor(way, begun, { ...data, problems: added.problems });
}

/** A process may have died between adding a row and noting it. */
async function wasAdded({ ledger }: OpenAccount, dataKey: string | undefined): Promise<string | undefined> {
  const requested = dataKey && (await ledger.findRequested(dataKey));
  return requested ? nameOf({ batch: requested.batchId, row: requested.row ?? 0 }) : undefined;
}

function refusedBefore(data: CollectedData, { instance }: Begun): CollectedData {
  return { ...data, problems: (instance.problems ?? []) as CollectedData['problems'] };
}

/** What became of the row. */
async function look(way: ChatAppWay, begun: Begun, customer: CustomerRow): Promise<Ending> {
  const { account } = way;
  const { batch: batchId, row } = customer;
  if (customer.account !== account.account.name)
    throw new AppError(
      'ACCOUNT_UNKNOWN',
      `${nameOf(customer)} belongs to the account ${customer.account}, and the channel names ${account.account.name}.`,
    );
  const stored = await account.ledger.readRow(batchId, row);
  if (stored === undefined) return forgotten(begun, `${nameOf(customer)} is not kept any more`);
  const { record } = stored;
  const judged = judgeRow(record, {
    name: nameOf(customer),
    isRetried: await isRetried(account, { batchId, row }),
  });
  if (judged.verdict === 'registered') return doneAs(way, begun, customer);
  if (begun.instance.wanted === 'released') return withdrawn(nameOf(customer));
  if (judged.verdict === 'pending') return inProgress(judged.reason, pauseMs(way.now(), record));
  const other = await findRegistered(account, record.custSpaceId);
  return other === undefined ? unregistered(way, begun, judged) : doneAs(way, begun, other);
}

function unregistered(
  way: ChatAppWay,
  begun: Begun,
  judged: Exclude<RowVerdict, { verdict: 'registered' | 'pending' }>,
): Ending {
  if (judged.verdict === 'again') return forgotten(begun, judged.reason, BUSY_MS);
  if (judged.verdict === 'over') return refusedFor(judged.reason);
  const { problems, reason } = judged;
  return waitingFor(way, begun, { missing: [], problems, why: reason });
}

async function isRetried(
  { ledger, settings }: OpenAccount,
  place: { batchId: string; row: number },
): Promise<boolean> {
  return settings.retryCron !== 'off' && (await ledger.isRecoverable(place));
}

const LOOK_MS = { min: 1_000, max: 60_000 };

/** A row that has just moved will soon move again. */
function pauseMs(now: number, { at }: Pick<RowRecord, 'at'>): number {
  return Math.min(Math.max((now - at) / 2, LOOK_MS.min), LOOK_MS.max);
}

function nameOf({ batch, row }: Pick<CustomerRow, 'batch' | 'row'>): string {
  return `row ${row} of batch ${batch}`;
}
