/** What people are alerted to: a closed list with stable names, and the event that carries one of them. Pure. */
import { z } from 'zod';
import { PEER_KINDS } from '../redis/keys.ts';

export const EVENT_TYPES = [
  /** The peer refuses an account; nothing is sent for it. */
  'breaker.opened',
  'breaker.closed',
  /** A backup of Redis was put back, or it came back empty: an account is held, because what was sent is not on record. */
  'ledger.went_back',
  /** The peer answers nobody. */
  'outage.began',
  'outage.ended',
  'batch.finished',
  'batch.paused',
  /** Rows whose submit has no known outcome; a person decides. */
  'row.parked',
  /** The peer was sent agreements long ago, and nobody has recorded how it reviewed them. */
  'review.overdue',
  /** Rows wait, and no worker is alive. */
  'workers.absent',
  'redis.memory',
  'redis.unreachable',
  'disk.low',
  /** Calls of a marketplace that were answered with an error. */
  'koogallery.call_failed',
  /** Calls that a marketplace has not signed with a key that is known here: of a wrong key, or of anybody. */
  'koogallery.unverified',
  /** A purchase that takes so long that the marketplace may cancel the order. */
  'koogallery.create_late',
  /** A purchase that cannot become a customer, because its buyer has not told for long what is missing. */
  'koogallery.data_late',
  /** Tasks that were refused for good. */
  'koogallery.task_refused',
  /** No license is left to be given away. */
  'koogallery.license_empty',
  /** A channel that was taken out of the settings, and has left something to be done. */
  'koogallery.left_behind',
  /** Usage that a marketplace must have soon, and does not have. */
  'usage.deadline',
  /** Usage that a marketplace was told of, and does not bill. */
  'usage.abnormal',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Sent only by `onboard alert test`. */
export const TEST_EVENT = 'test';

const factsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
/** Ids, codes, counts and times: never what a customer is called or where one lives. */
export type Facts = z.output<typeof factsSchema>;

export const eventSchema = z.object({
  /** The same each time the same thing is told: a receiver can tell a repetition by it. */
  id: z.string(),
  type: z.enum([...EVENT_TYPES, TEST_EVENT]),
  /** When it came about, in milliseconds since 1970. */
  at: z.number(),
  /** Whose it is; absent if it is about the installation or a machine. */
  account: z.string().optional(),
  peer: z.enum(PEER_KINDS).optional(),
  facts: factsSchema,
});
export type AlertEvent = z.output<typeof eventSchema>;

/**
 * The id of an event, made of what it is about and since when, so that every process that notices the same thing finds the
 * same id. Fit for a BullMQ job, which allows no colon.
 */
export function idOf(type: AlertEvent['type'], ...about: readonly (string | number)[]): string {
  return [type, ...about].join('-').replaceAll(':', '.');
}
