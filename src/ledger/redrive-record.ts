/** What the ledger keeps of a redrive. */
import { z } from 'zod';
import { countsOf } from './batch-record.ts';
import type { OutcomeCounts } from './outcome.ts';

const storedRedriveSchema = z.object({
  /** Counts the redrives of a batch; part of the ids of its jobs. */
  round: z.number(),
  by: z.string(),
  /** Which rows, in words. */
  filter: z.string(),
  begun: z.number(),
  /** Earliest time at which its rows may be sent; absent for at once. */
  notBefore: z.number().optional(),
  /** The last of its rows that it has looked at; 0 before the first. After that it is under way, was interrupted, or has no more. Earlier versions did not say. */
  upToRow: z.number().optional(),
});

/** Rows of a batch enqueued again together. Times are milliseconds since 1970. */
export type Redrive = { number: number } & Omit<z.output<typeof storedRedriveSchema>, 'round'>;
export type NewRedrive = Pick<Redrive, 'by' | 'filter' | 'notBefore'>;

/** A redrive with what became of its rows. */
export type CountedRedrive = Redrive & { counts: OutcomeCounts };

export function parseRedrive(text: string): Redrive {
  const { round, ...redrive } = storedRedriveSchema.parse(JSON.parse(text));
  return { number: round, ...redrive };
}

/** Adds the counters of its rows, which are in the hash of the batch; `rows.lua` moves them. */
export function countRedrive(hash: Record<string, string>, redrive: Redrive): CountedRedrive {
  return { ...redrive, counts: countsOf(hash, (outcome) => `redrive:${redrive.number}:${outcome}`) };
}
