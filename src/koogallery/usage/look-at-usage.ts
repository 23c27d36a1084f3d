/** Compares what is due of a channel's usage with what people were told of it, and tells the difference before it is too late. */
import { type Condition, follow, type Present, standingSchema } from '../../notify/conditions.ts';
import { type Facts, idOf } from '../../notify/events.ts';
import type { Raise } from '../../notify/look-at-account.ts';
import { Told } from '../../notify/told.ts';
import { redisTime } from '../../redis/time.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import { readAbnormal, readSlots, readTrouble } from './read-usage.ts';
import { usageKey } from './scripts.ts';
import { DEADLINES, type Deadline, deadlinesOf, type Slot, WARNED_BEFORE_MS } from './windows.ts';

const MICROSECONDS_PER_MS = 1_000;
const HOUR_MS = 3_600_000;
/** What came too late is sent at once: only what stays is worth a word. */
const MISSED_AFTER_MS = 60_000;
const DEADLINE_FIELD = 'deadline:';
const ABNORMAL_FIELD = 'abnormal';

/** Usage that the marketplace does not have, and a time by which it should. */
export interface Due {
  deadline: Deadline;
  /** Milliseconds since 1970. */
  at: number;
  records: number;
}

/** Of each slot the last deadline about which people are to be told by now; slots with the same one are added up. Pure. */
export function dueBy(slots: readonly { slot: Slot; records: number }[], now: number): Due[] {
  const found = new Map<string, Due>();
  for (const { slot, records } of slots) {
    const at = deadlinesOf(slot);
    const deadline = DEADLINES.findLast((each) => now >= at[each] - WARNED_BEFORE_MS[each]);
    if (deadline === undefined) continue;
    const name = `${deadline}-${at[deadline]}`;
    const before = found.get(name)?.records ?? 0;
    found.set(name, { deadline, at: at[deadline], records: before + records });
  }
  return [...found.values()];
}

/** To be called again and again, by one process at a time. */
export async function lookAtUsage(access: ChannelAccess, raise: Raise): Promise<void> {
  const micros = await redisTime(access.redis, usageKey(access.slug, 'told'));
  await tellUsage(access, { raise, now: Math.floor(micros / MICROSECONDS_PER_MS) });
}

/** @param now milliseconds since 1970 */
export async function tellUsage(
  access: ChannelAccess,
  { raise, now }: { raise: Raise; now: number },
): Promise<void> {
  const { redis, slug: channel } = access;
  const told = new Told(redis, usageKey(channel, 'told'));
  await told.read(now);
  const look = { channel, raise, told, now };
  const due = dueBy(await readSlots(access), now);
  const trouble = due.length > 0 ? await readTrouble(access) : undefined;
  const there = new Set<string>();
  for (const { deadline, at, records } of due) {
    const field = `${DEADLINE_FIELD}${deadline}-${at}`;
    there.add(field);
    const time = new Date(at).toISOString();
    const facts: Facts = { channel, records, deadline: time, [FACT_OF[deadline]]: time };
    if (trouble !== undefined) facts.code = trouble.code;
    const afterMs = at > now ? 0 : MISSED_AFTER_MS;
    await followOne(look, field, { began: 'usage.deadline', afterMs, awayMs: 0 }, { facts });
  }
  for (const field of told.fieldsFrom(DEADLINE_FIELD))
    if (!there.has(field)) await told.remember(field, undefined);
  await lookAtAbnormal(access, look);
}

/** Chooses the sentence that people read. */
const FACT_OF = { wanted: 'wantedBy', latest: 'latestBy', refused: 'refusedFrom' } as const;

interface Look {
  channel: string;
  raise: Raise;
  told: Told;
  now: number;
}

/** Some come with every report, so it is told once for each hour in which more were found. */
async function lookAtAbnormal(access: ChannelAccess, look: Look): Promise<void> {
  const { records, latest } = await readAbnormal(access);
  const since = Math.floor(latest / HOUR_MS) * HOUR_MS;
  const field = `${ABNORMAL_FIELD}:${since}`;
  for (const known of look.told.fieldsFrom(ABNORMAL_FIELD))
    if (known !== field) await look.told.remember(known, undefined);
  const present = records > 0 ? { since, facts: { channel: look.channel, records } } : undefined;
  await followOne(look, field, { began: 'usage.abnormal', afterMs: 0, awayMs: 0 }, present);
}

async function followOne(
  look: Look,
  field: string,
  condition: Condition,
  present: Present | undefined,
): Promise<void> {
  const { channel, raise, told, now } = look;
  const { news, after } = follow(condition, { before: told.of(field, standingSchema), present, now });
  for (const { type, at, facts } of news) await raise({ id: idOf(type, channel, field), type, at, facts });
  await told.remember(field, after);
}
