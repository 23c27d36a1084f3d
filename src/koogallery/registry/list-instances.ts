/** A page of the instances of a channel, the newest first. */
import { AppError } from '../../errors.ts';
import { channelKeys } from '../keys.ts';
import { findInstances } from './find-instances.ts';
import type { Instance } from './instance-record.ts';
import type { InstanceState } from './instance-state.ts';
import { readInstances } from './read-instance.ts';
import type { ChannelAccess } from './scripts.ts';

/** Looked at at once. */
const CHUNK = 100;
/** Looked at for one page at most: a filter may match few of very many. */
const LOOKED_MAX = 5_000;

/** Which instances of a channel. */
export interface InstancesOrder {
  limit: number;
  /** From the page before. */
  cursor?: string | undefined;
  state?: InstanceState | undefined;
  /** Only those with tasks that were refused for good; news of orders without an instance too. */
  isRefused?: boolean | undefined;
  /** Id of an instance or of an order, in full: only what it names, and all of that at once. */
  named?: string | undefined;
}

/** Instances of a channel. */
export interface InstancesPage {
  instances: Instance[];
  /** Where the next page begins; absent if there is none. A page may have fewer than asked for all the same. */
  cursor?: string;
}

/** @throws AppError USAGE if the cursor is none of ours */
export async function listInstances(
  channel: ChannelAccess,
  { limit, cursor, state, isRefused = false, named }: InstancesOrder,
): Promise<InstancesPage> {
  if (named !== undefined) {
    const found = await findInstances(channel, named);
    return {
      instances: found.filter(
        (each) => (state === undefined || each.state === state) && (!isRefused || each.refused > 0),
      ),
    };
  }
  const instances: Instance[] = [];
  let after = cursor === undefined ? undefined : parseCursor(cursor);
  if (isRefused) return listRefused(channel, { limit, state }, after);
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

/** A page of those that have dead letters: of at most the oldest of these, should there be very many. */
async function listRefused(
  channel: ChannelAccess,
  { limit, state }: Pick<InstancesOrder, 'limit' | 'state'>,
  after: InstancePlace | undefined,
): Promise<InstancesPage> {
  const { refused } = channelKeys(channel.slug);
  const names = await channel.redis.zrangebyscore(refused, '-inf', '+inf', 'LIMIT', 0, LOOKED_MAX);
  const ids = [...new Set(names.map((name) => name.slice(0, name.lastIndexOf('/'))))];
  const found = (await readInstances(channel, ids)).filter((each) => each !== undefined);
  const left = found
    .filter((each) => (state === undefined || each.state === state) && isAfter(each, after))
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  const instances = left.slice(0, limit);
  const last = instances.at(-1);
  return left.length > limit && last ? { instances, cursor: writeCursor(last) } : { instances };
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
    const places = all.filter((place) => isAfter(place, after));
    const isLast = all.length < CHUNK;
    // Only where very many were created in the same millisecond is none left.
    if (places.length > 0 || isLast) return { places, isLast };
  }
}

function isAfter({ createdAt, id }: InstancePlace, after: InstancePlace | undefined): boolean {
  if (after === undefined || createdAt < after.createdAt) return true;
  return createdAt === after.createdAt && id < after.id;
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
