/** A record of usage: what was used, and how far its report has come. */
import { z } from 'zod';

/**
 *   recorded ──▶ sending ──▶ received ──▶ abnormal ──▶ settled
 *      ▲          │   ▲                                    ▲
 *      └──────────┘   sent ────────────────────────────────┘
 *
 * recorded  it waits to be sent
 * sending   it is in a call that a process makes now
 * sent      it was in a call whose answer is lost; it is sent again under the same number, which counts once
 * received  the marketplace has it, and may still find it abnormal
 * abnormal  the marketplace does not bill it; a person decides
 * settled   a person has decided; what was settled as lost may be settled as billed later
 */
export const USAGE_STATES = ['recorded', 'sending', 'sent', 'received', 'abnormal', 'settled'] as const;
export type UsageState = (typeof USAGE_STATES)[number];

/** What the marketplace does not have for certain. */
export const PENDING_STATES = ['recorded', 'sending', 'sent'] as const satisfies readonly UsageState[];

/** What a person found out: the marketplace bills it, or it will not. */
export const USAGE_DECISIONS = ['billed', 'lost'] as const;

const usageRecordSchema = z.object({
  /** Its name here, which stays: the first `meteringSn`. */
  id: z.string(),
  /** Whoever gave the record chose that name. */
  isNumbered: z.boolean().optional(),
  /** A record that was given up, of the same span: the marketplace may have that one. */
  follows: z.string().optional(),
  meteringSn: z.string(),
  instanceId: z.string(),
  /** The package from which it is deducted. */
  relatedPackage: z.string().optional(),
  productId: z.string().optional(),
  /** These, as all times here, in milliseconds since 1970. */
  begin: z.number(),
  end: z.number(),
  recordTime: z.number(),
  /** Decimal, at most four places. */
  value: z.string(),
  /** The same as a whole number of ten-thousandths. */
  units: z.string(),
  /** As `nameOfSlot` makes it. */
  slot: z.string(),
  /** It is sent from then on, when its hour or its day is over. */
  due: z.number(),
  state: z.enum(USAGE_STATES),
  recordedAt: z.number(),
  by: z.string(),
  /** Calls that it was in. */
  attempts: z.number().default(0),
  /** How many of their answers were lost. */
  lost: z.number().default(0),
  changedAt: z.number(),
  /** The marketplace's about this record, or about a call in which it was alone. */
  code: z.string().optional(),
  decision: z.enum(USAGE_DECISIONS).optional(),
  decidedBy: z.string().optional(),
  reason: z.string().optional(),
  /** What was decided before it, the oldest first: a record that was given up was billed after all. */
  formerDecisions: z
    .array(
      z.object({
        decision: z.enum(USAGE_DECISIONS),
        by: z.string(),
        reason: z.string().optional(),
        at: z.number(),
      }),
    )
    .optional(),
  /** Numbers under which it was reported before. */
  formerSns: z.array(z.string()).optional(),
});
/** One report of usage, from being taken to its answer. */
export type UsageRecord = z.output<typeof usageRecordSchema>;

export const parseUsageRecord = (text: string): UsageRecord => usageRecordSchema.parse(JSON.parse(text));
