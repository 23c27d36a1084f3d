/** What the ledger keeps of a redrive. Read back through a schema, because Redis outlives a version of this program. */
import { z } from 'zod';
import { countsOf } from './batch-record.ts';
import type { OutcomeCounts } from './outcome.ts';

const storedRedriveSchema = z.object({
  /** Counts the redrives of a batch; part of the ids of its jobs. */
  round: z.number(),
  kind: z.enum(['redrive', 'resume']),
  by: z.string(),
  /** Which rows, in words. */
  filter: z.string(),
  begun: z.number(),
  /** Earliest time at which its rows may be sent; absent for at once. */
  notBefore: z.number().optional(),
  /** When the last of its rows got its job; absent while they are being enqueued. */
  enqueued: z.number().optional(),
});

/**
 * Rows of a batch enqueued again together: picked by a filter, or all that were left when a paused batch was resumed.
 * Times are milliseconds since 1970.
 */
export type Redrive = { number: number } & Omit<z.output<typeof storedRedriveSchema>, 'round'>;

/** A redrive with what became of its rows. */
export type CountedRedrive = Redrive & { counts: OutcomeCounts };

export function parseRedrive(text: string): Redrive {
  const { round, ...redrive } = storedRedriveSchema.parse(JSON.parse(text));
  return { number: round, ...redrive };
}

export function serializeRedrive({ number, begun, enqueued, ...order }: Redrive): string {
  return JSON.stringify({ ...order, round: number, begun, enqueued });
}

/** Adds the counters of its rows, which are in the hash of the batch; `transition.lua` moves them. */
export function countRedrive(hash: Record<string, string>, redrive: Redrive): CountedRedrive {
  return { ...redrive, counts: countsOf(hash, (outcome) => `redrive:${redrive.number}:${outcome}`) };
}

/** The member of the set of unfinished redrives. */
export function memberOf(batchId: string, number: number): string {
  return `${batchId} ${number}`;
}

export function parseMember(member: string): { batchId: string; number: string } {
  const [batchId = '', number = ''] = member.split(' ');
  return { batchId, number };
}
