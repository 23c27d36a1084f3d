/** What happened to the rows of a batch of late, oldest first: the scripts add to its stream, which Redis trims. */
import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { OUTCOMES, type Outcome } from './outcome.ts';

export interface RowEvent {
  /** Of the stream: the time in milliseconds since 1970, and a number. */
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  row: number;
  outcome: Outcome;
  /** Why it failed, or went back a step. */
  code?: string | undefined;
}

/** Before everything. */
export const FIRST_EVENT = '0-0';
const CHUNK = 2_000;

/** Those after an event. */
export async function readEvents(
  { redis, account }: LedgerAccess,
  batchId: string,
  { after, count = CHUNK }: { after: string; count?: number },
): Promise<RowEvent[]> {
  const { events } = batchKeys(account, batchId);
  const found = await redis.xread('COUNT', count, 'STREAMS', events, after);
  return (found?.[0]?.[1] ?? []).flatMap(parseEvent);
}

/** All that are kept. */
export async function readAllEvents(ledger: LedgerAccess, batchId: string): Promise<RowEvent[]> {
  const all: RowEvent[] = [];
  for (let after = FIRST_EVENT; ; ) {
    const chunk = await readEvents(ledger, batchId, { after });
    all.push(...chunk);
    const last = chunk.at(-1);
    if (last === undefined) return all;
    after = last.id;
  }
}

/** Those since a time (milliseconds since 1970), the newest if there are too many. */
export async function readEventsSince(
  { redis, account }: LedgerAccess,
  batchId: string,
  since: number,
): Promise<RowEvent[]> {
  const { events } = batchKeys(account, batchId);
  const found = await redis.xrevrange(events, '+', String(Math.floor(since)), 'COUNT', CHUNK);
  return found.flatMap(parseEvent).reverse();
}

/** The id of the last event; that before everything if there is none. */
export async function readLastEventId({ redis, account }: LedgerAccess, batchId: string): Promise<string> {
  const [last] = await redis.xrevrange(batchKeys(account, batchId).events, '+', '-', 'COUNT', 1);
  return last?.[0] ?? FIRST_EVENT;
}

/** Whether an event is still in the stream, so that none after it is missing. */
export async function hasEvent(
  { redis, account }: LedgerAccess,
  batchId: string,
  id: string,
): Promise<boolean> {
  return (await redis.xrange(batchKeys(account, batchId).events, id, id)).length > 0;
}

/** Nothing, for one that another version wrote in words that this one does not know. */
function parseEvent([id, fields]: [id: string, fields: string[]]): RowEvent[] {
  const values = new Map<string, string>();
  for (let index = 0; index < fields.length; index += 2)
    values.set(fields[index] ?? '', fields[index + 1] ?? '');
  const outcome = OUTCOMES.find((each) => each === values.get('to'));
  if (outcome === undefined) return [];
  return [
    { id, at: Number.parseInt(id, 10), row: Number(values.get('row')), outcome, code: values.get('code') },
  ];
}

/** Whether an event is a later one than another, by their ids. Pure. */
export function isEventAfter(id: string, other: string): boolean {
  const [time = 0, number = 0] = id.split('-').map(Number);
  const [otherTime = 0, otherNumber = 0] = other.split('-').map(Number);
  return time > otherTime || (time === otherTime && number > otherNumber);
}
