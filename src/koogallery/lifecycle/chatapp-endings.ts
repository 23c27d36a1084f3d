/** How an attempt to register a purchase with Chat App ends, and what is written with it. Pure but for sealing. */
import { addressesOf } from '../channels.ts';
import type { CollectedData } from '../chatapp/collect-data.ts';
import { formLinkOf } from '../form/link.ts';
import { isV1 } from '../protocol/answer-problems.ts';
import { type Access, sealAccess } from '../registry/access.ts';
import type { CustomerRow } from '../registry/instance-record.ts';
import type { Begun } from './begin-task.ts';
import type { ChatAppWay } from './chatapp-way.ts';
import type { Ending } from './end-task.ts';

type Way = Pick<ChatAppWay, 'channel' | 'seal' | 'now'>;

/** What buyers of V1.0 were told once stays. */
function accessOf({ channel, seal }: Way, told: Access): Record<string, string> {
  return isV1(channel.generation) ? {} : { access: sealAccess(seal, told) };
}

/** An agreement may be put where it belongs, without anybody telling. In milliseconds. */
const WAITING_MS = { min: 60_000, max: 15 * 60_000 };
const SOON_MS = 1_000;

export function doneAs(way: Way, { instance }: Begun, customer: CustomerRow): Ending {
  const access = accessOf(way, addressesOf(way.channel, instance.id));
  return { outcome: 'done', set: { customer: JSON.stringify(customer), ...access }, isReady: true };
}

/** Until somebody tells more, without end. Buyers must reach the form, so for the marketplace it is ready. */
export function waitingFor(
  way: Way,
  { task, instance }: Begun,
  { missing, problems, why }: Pick<CollectedData, 'missing' | 'problems' | 'why'>,
): Ending {
  const { channel, now } = way;
  const told = { ...addressesOf(channel, instance.id), frontEndUrl: formLinkOf(channel, instance.id) };
  const since = instance.formAt ?? task.firstTriedAt ?? task.at;
  return {
    outcome: 'later',
    reason: `waits for data: ${[...missing, ...problems.map(wordsOf), why].filter(Boolean).join(', ')}`,
    delayMs: Math.min(Math.max((now() - since) / 4, WAITING_MS.min), WAITING_MS.max),
    ...{ isAlive: true, isReady: true, awaits: 'buyer' },
    set: { missing: JSON.stringify(missing), problems: JSON.stringify(problems), ...accessOf(way, told) },
    drop: ['customer'],
  };
}

export function addedAs(customer: CustomerRow, dataKey: string): Ending {
  const set = { customer: JSON.stringify(customer), dataKey };
  const reason = `row ${customer.row} of batch ${customer.batch} was added`;
  return { ...inProgress(reason, SOON_MS), set, drop: ['missing', 'problems'] };
}

export function inProgress(reason: string, delayMs: number): Extract<Ending, { outcome: 'later' }> {
  return { outcome: 'later', reason, delayMs, isAlive: true, awaits: 'work' };
}

/** The customer is added once more, by another row. */
export function forgotten({ instance }: Begun, reason: string, delayMs = SOON_MS): Ending {
  const set = { dataNumber: String(instance.dataNumber + 1) };
  return { ...inProgress(reason, delayMs), set, drop: ['customer', 'dataKey'] };
}

export function refusedFor(reason: string): Ending {
  return { outcome: 'refused', reason: `${reason}; once it is submitted, retry this task` };
}

/** @param row that goes on by itself, if one was added */
export function withdrawn(row: string | undefined): Ending {
  const more = row === undefined ? '' : `; ${row} goes on by itself`;
  return { outcome: 'withdrawn', reason: `released before it was registered${more}` };
}

function wordsOf({ field, code }: CollectedData['problems'][number]): string {
  return field === undefined ? code : `${field} (${code})`;
}
