/** A page of the instances of a channel, the newest first. */
import { AppError } from '../../errors.ts';
import { channelKeys } from '../keys.ts';
import type { Instance } from './instance-record.ts';
import type { InstanceState } from './instance-state.ts';
import { readInstances } from './read-instance.ts';
import type { ChannelAccess } from './scripts.ts';

/** Looked at at once. */
const CHUNK = 100;
/** Looked at for one page at most: a filter may match few of very many. */
const LOOKED_MAX = 5_000;

export interface InstancesOrder {
  limit: number;
  /** From the page before. */
  cursor?: string | undefined;
  state?: InstanceState | undefined;
}

export interface InstancesPage {
  instances: Instance[];
  /** Where the next page begins; absent if there is none. A page may have fewer than asked for all the same. */
  cursor?: string;
}

/** @throws AppError USAGE if the cursor is none of ours */
export async function listInstances(
  channel: ChannelAccess,
  { limit, cursor, state }: InstancesOrder,
): Promise<InstancesPage> {
  const instances: Instance[] = [];
  let after = cursor === undefined ? undefined : parseCursor(cursor);
  for (let looked = 0; looked < LOOKED_MAX; looked += CHUNK) {
    const { places, isLast } = await readPlaces(channel, after);
    const ids = places.map(({ id }) => id);
    const found = await readInstances(channel, ids);
    for (const [index, place] of places.entries()) {
      after = place;
      const instance = found[index];
      if (instance !== undefined && (state === undefined || instance.state === state))
        instances.push(instance);
      if (instances.length === limit) return { instances, cursor: writeCursor(place) };
    }
    if (isLast) return { instances };
  }
  return after === undefined ? { instances } : { instances, cursor: writeCursor(after) };
}

/** Where an instance stands in the list. */
interface InstancePlace {
  createdAt: number;
  id: string;
}

/** The next ones after a place; those of one millisecond by their ids. */
async function readPlaces(
  { redis, slug }: ChannelAccess,
  after: InstancePlace | undefined,
): Promise<{ places: InstancePlace[]; isLast: boolean }> {
  const key = channelKeys(slug).instances;
  const max = after?.createdAt ?? '+inf';
  for (let skipped = 0; ; skipped += CHUNK) {
    const flat = await redis.zrevrangebyscore(key, max, '-inf', 'WITHSCORES', 'LIMIT', skipped, CHUNK);
    const all = pairsOf(flat);
    const places = all.filter(({ createdAt, id }) => !after || createdAt < after.createdAt || id < after.id);
    const isLast = all.length < CHUNK;
    // Only where very many were created in the same millisecond is none left.
    if (places.length > 0 || isLast) return { places, isLast };
  }
}

function pairsOf(flat: readonly string[]): InstancePlace[] {
  return flat.flatMap((id, index) => (index % 2 === 0 ? [{ id, createdAt: Number(flat[index + 1]) }] : []));
}

function writeCursor({ createdAt, id }: InstancePlace): string {
  return Buffer.from(`${createdAt} ${id}`).toString('base64url');
}

function parseCursor(cursor: string): InstancePlace {
  const [, createdAt, id] = /^(\d{1,16}) (\S+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (createdAt === undefined || id === undefined)
    throw new AppError('USAGE', 'The cursor is not one that a page has named.');
  return { createdAt: Number(createdAt), id };
}
