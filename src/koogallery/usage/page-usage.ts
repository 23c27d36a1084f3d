/** A page of the usage records of a channel: by state, what waits for a person first. */
import { AppError } from '../../errors.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import { usageKey } from './scripts.ts';
import {
  PENDING_STATES,
  parseUsageRecord,
  USAGE_STATES,
  type UsageRecord,
  type UsageState,
} from './usage-record.ts';

/** Looked at at once. */
const CHUNK = 200;
/** Looked at for one page at most: a filter may match few of very many. */
const LOOKED_MAX = 5_000;

export interface UsagePageOrder {
  limit: number;
  /** From the page before. */
  cursor?: string | undefined;
  /** By default all, in the order of `LISTED`. */
  state?: UsageState | undefined;
  /** Only those with this code. */
  code?: string | undefined;
  instanceId?: string | undefined;
}

export interface UsagePage {
  records: UsageRecord[];
  /** Where the next page begins; absent if there is none. A page may have fewer than asked for all the same. */
  cursor?: string;
}

/** What a person has to decide, what is on its way, and then what is over. */
export const LISTED = [
  'abnormal',
  'sent',
  'sending',
  'recorded',
  'received',
  'settled',
] as const satisfies readonly UsageState[];

/** Where a record stands in its state: by score, those of the same score by their ids. */
interface Place {
  state: UsageState;
  score: number;
  id: string;
}

/** @throws AppError USAGE if the cursor is none of ours */
export async function pageUsage(access: ChannelAccess, order: UsagePageOrder): Promise<UsagePage> {
  const { limit, cursor, state } = order;
  const records: UsageRecord[] = [];
  let after = cursor === undefined ? undefined : parseCursor(cursor);
  const states = state === undefined ? LISTED : [state];
  let looked = 0;
  for (const each of states.slice(after === undefined ? 0 : Math.max(0, states.indexOf(after.state)))) {
    for (let isLast = false; !isLast; looked += CHUNK) {
      if (looked >= LOOKED_MAX && after !== undefined) return { records, cursor: writeCursor(after) };
      const chunk = await readChunk(access, each, after?.state === each ? after : undefined);
      isLast = chunk.isLast;
      for (const [place, record] of chunk.found) {
        after = place;
        if (record !== undefined && isWanted(record, each, order)) records.push(record);
        if (records.length === limit) return { records, cursor: writeCursor(place) };
      }
    }
  }
  return { records };
}

function isWanted(record: UsageRecord, state: UsageState, { code, instanceId }: UsagePageOrder): boolean {
  // It may have moved since its place was read, and is found there.
  if (record.state !== state) return false;
  if (code !== undefined && record.code !== code) return false;
  return instanceId === undefined || [record.instanceId, record.relatedPackage].includes(instanceId);
}

interface Chunk {
  found: [Place, UsageRecord | undefined][];
  isLast: boolean;
}

/** What is pending in the order in which it is wanted, the rest from the latest change back. */
async function readChunk(
  { redis, slug }: ChannelAccess,
  state: UsageState,
  after: Place | undefined,
): Promise<Chunk> {
  const key = usageKey(slug, `is:${state}`);
  const isPending = (PENDING_STATES as readonly UsageState[]).includes(state);
  const from = after?.score ?? (isPending ? '-inf' : '+inf');
  for (let skipped = 0; ; skipped += CHUNK) {
    const page = ['WITHSCORES', 'LIMIT', skipped, CHUNK] as const;
    const flat = isPending
      ? await redis.zrangebyscore(key, from, '+inf', ...page)
      : await redis.zrevrangebyscore(key, from, '-inf', ...page);
    const all = placesOf(flat, state);
    const places = all.filter((place) => isAfter(place, after, isPending));
    const isLast = all.length < CHUNK;
    // Only where very many have the same time is none left.
    if (places.length === 0 && !isLast) continue;
    if (places.length === 0) return { found: [], isLast };
    const stored = await redis.hmget(usageKey(slug, 'records'), ...places.map(({ id }) => id));
    const found = places.map((place, index): Chunk['found'][number] => {
      const text = stored[index];
      return [place, text === null || text === undefined ? undefined : parseUsageRecord(text)];
    });
    return { found, isLast };
  }
}

function isAfter(place: Place, after: Place | undefined, isPending: boolean): boolean {
  if (after === undefined) return true;
  const [before, later] = isPending ? [after, place] : [place, after];
  return before.score < later.score || (before.score === later.score && before.id < later.id);
}

const placesOf = (flat: readonly string[], state: UsageState): Place[] =>
  flat.flatMap((id, index) => (index % 2 === 0 ? [{ state, id, score: Number(flat[index + 1]) }] : []));

function writeCursor({ state, score, id }: Place): string {
  return Buffer.from(`${state} ${score} ${id}`).toString('base64url');
}

function parseCursor(cursor: string): Place {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, named, score, id] = /^([a-z]+) (\d{1,16}) (\S+)$/.exec(text) ?? [];
  const state = USAGE_STATES.find((each) => each === named);
  if (state === undefined || id === undefined)
    throw new AppError('USAGE', 'The cursor is not one that a page has named.');
  return { state, score: Number(score), id };
}
