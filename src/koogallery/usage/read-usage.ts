/** Reads the usage of a channel: its records, what they add up to, and what is due. */
import { z } from 'zod';
import type { ChannelAccess } from '../registry/scripts.ts';
import { decimalOf } from './decimal.ts';
import { usageKey } from './scripts.ts';
import { parseUsageRecord, USAGE_STATES, type UsageRecord, type UsageState } from './usage-record.ts';
import { type Slot, slotNamed } from './windows.ts';

export interface UsageTotal {
  /** For a package: the pay-per-use instance through which it was used. */
  relatedInstanceId?: string;
  /** Decimal, at most four places. */
  value: string;
  /** End of the latest usage in it, in milliseconds since 1970. */
  until: number;
}

/**
 * What an instance has used so far, given up records left out: one total for a pay-per-use instance, one for each charge
 * item of a package, none if nothing was recorded.
 */
export async function readUsageTotals({ redis, slug }: ChannelAccess, id: string): Promise<UsageTotal[]> {
  const fields = await redis.hgetall(usageKey(slug, `of:${id}`));
  const own = fields.total === undefined ? [] : [totalOf(fields.total, fields.until)];
  const via = Object.keys(fields).filter((field) => field.startsWith(VIA));
  const items = via.sort().map((field) => {
    const relatedInstanceId = field.slice(VIA.length);
    return { relatedInstanceId, ...totalOf(fields[field] ?? '0', fields[`until ${relatedInstanceId}`]) };
  });
  return [...own, ...items];
}

const VIA = 'via ';
const totalOf = (units: string, until = '0') => ({ value: decimalOf(BigInt(units)), until: Number(until) });

/** Not in one step: a record that moves meanwhile may be counted twice or not at all. */
export async function countUsage({ redis, slug }: ChannelAccess): Promise<Record<UsageState, number>> {
  const counts = await Promise.all(USAGE_STATES.map((state) => redis.zcard(usageKey(slug, `is:${state}`))));
  return Object.fromEntries(USAGE_STATES.map((state, index) => [state, counts[index] ?? 0])) as Record<
    UsageState,
    number
  >;
}

/** Those of a state: what is pending in the order in which it is wanted, the rest from the latest change back. */
export async function listUsage(
  { redis, slug }: ChannelAccess,
  { state, first = 0, limit }: { state: UsageState; first?: number; limit: number },
): Promise<UsageRecord[]> {
  const isPending = state === 'recorded' || state === 'sending' || state === 'sent';
  const index = usageKey(slug, `is:${state}`);
  const range = [String(first), String(first + limit - 1)] as const;
  const ids = await (isPending ? redis.zrange(index, ...range) : redis.zrevrange(index, ...range));
  if (ids.length === 0) return [];
  const stored = await redis.hmget(usageKey(slug, 'records'), ...ids);
  return stored.flatMap((text) => (text === null ? [] : [parseUsageRecord(text)]));
}

const troubleSchema = z.object({ code: z.string(), message: z.string(), since: z.number() });

/** Why nothing can be sent for a channel, and since when; undefined if something can. */
export async function readTrouble({ redis, slug }: ChannelAccess) {
  const text = await redis.get(usageKey(slug, 'trouble'));
  return text === null ? undefined : troubleSchema.parse(JSON.parse(text));
}

/** What the marketplace does not have for certain, by slot. */
export async function readSlots({ redis, slug }: ChannelAccess): Promise<{ slot: Slot; records: number }[]> {
  const fields = await redis.hgetall(usageKey(slug, 'slots'));
  return Object.entries(fields).map(([name, records]) => ({
    slot: slotNamed(name),
    records: Number(records),
  }));
}

/** How many records wait for a person, and when the latest of them was found; milliseconds since 1970. */
export async function readAbnormal({ redis, slug }: ChannelAccess) {
  const [records, latest] = await Promise.all([
    redis.zcard(usageKey(slug, 'is:abnormal')),
    redis.get(usageKey(slug, 'abnormalAt')),
  ]);
  return { records, latest: Number(latest ?? 0) };
}
