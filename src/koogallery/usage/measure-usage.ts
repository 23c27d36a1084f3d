/** What dashboards and people who look after a channel want to know of its usage as a whole. */
import { redisTime } from '../../redis/time.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import { countUsage, readSlots, readTrouble } from './read-usage.ts';
import { usageKey } from './scripts.ts';
import type { UsageState } from './usage-record.ts';
import { DEADLINES, type Deadline, deadlinesOf, type Slot } from './windows.ts';

const MICROSECONDS_PER_MS = 1_000;

/** Records that the marketplace does not have for certain, and what comes next for them. */
export interface NextDeadline {
  deadline: Deadline;
  /** Milliseconds since 1970. */
  at: number;
  records: number;
}

/** What dashboards measure of the usage that is to be reported. */
export interface UsageMeasures {
  counts: Record<UsageState, number>;
  /** By time. */
  deadlines: NextDeadline[];
  /** How long until the earliest of each kind, in milliseconds: less than 0 once it has passed; absent if nothing waits. */
  untilMs: Partial<Record<Deadline, number>>;
  /** Why nothing can be sent now, and since when (milliseconds since 1970). */
  trouble?: { code: string; message: string; since: number } | undefined;
}

export async function measureUsage(access: ChannelAccess): Promise<UsageMeasures> {
  const micros = await redisTime(access.redis, usageKey(access.slug, 'slots'));
  const now = Math.floor(micros / MICROSECONDS_PER_MS);
  const [counts, slots, trouble] = await Promise.all([
    countUsage(access),
    readSlots(access),
    readTrouble(access),
  ]);
  return { counts, deadlines: nextOf(slots, now), untilMs: untilOf(slots, now), trouble };
}

type Slots = readonly { slot: Slot; records: number }[];

/** Of each slot the first deadline that is ahead, or else the last one; those at one time are added up. Pure. */
export function nextOf(slots: Slots, now: number): NextDeadline[] {
  const found = new Map<string, NextDeadline>();
  for (const { slot, records } of slots) {
    const at = deadlinesOf(slot);
    const deadline = DEADLINES.find((each) => at[each] > now) ?? 'refused';
    const name = `${deadline} ${at[deadline]}`;
    found.set(name, { deadline, at: at[deadline], records: records + (found.get(name)?.records ?? 0) });
  }
  return [...found.values()].sort((a, b) => a.at - b.at);
}

/** Pure. */
export function untilOf(slots: Slots, now: number): Partial<Record<Deadline, number>> {
  if (slots.length === 0) return {};
  const all = slots.map(({ slot }) => deadlinesOf(slot));
  return Object.fromEntries(
    DEADLINES.map((deadline) => [deadline, Math.min(...all.map((each) => each[deadline])) - now]),
  );
}
