/**
 * What a job carries: only where its row stands. Customer data is read from the ledger when the job runs, so
 * dashboards, job logs and failed sets show none of it.
 */
import { z } from 'zod';

export const jobDataSchema = z.object({
  batchId: z.string().min(1),
  row: z.number().int().positive(),
  /** How often the row was redriven; part of the job's id, since finished jobs keep theirs for a while. */
  round: z.number().int().nonnegative(),
});
export type JobData = z.output<typeof jobDataSchema>;

/** A row on its way into a queue: the customer's id is the job's name, which dashboards show. */
export type RowJob = JobData & { custSpaceId: string };

/** Deterministic, so that adding a job twice adds it once; prefixed, because a raw id can equal a key of BullMQ. */
export function jobIdOf(kind: 'up' | 'sub', { batchId, row, round }: JobData): string {
  return [kind, batchId, row, ...(round === 0 ? [] : [round])].join('-');
}
