/**
 * What a job carries: only the place of its row. Customer data is read from the ledger when the job runs, so
 * dashboards, job logs and failed sets show none of it.
 */
import { z } from 'zod';
import type { StepName } from '../redis/keys.ts';

const storedJobSchema = z.object({
  batchId: z.string().min(1),
  row: z.number().int().positive(),
  round: z.number().int().nonnegative(),
});
/** A job's data as BullMQ has it. */
export type StoredJob = z.output<typeof storedJobSchema>;

export const jobDataSchema = storedJobSchema.transform(({ round, ...place }) => ({
  ...place,
  /** Number of the redrive that made the job, 0 for the import; part of its id, since finished jobs keep theirs for a while. */
  redrive: round,
}));
export type JobData = z.output<typeof jobDataSchema>;

/** A row on its way into a queue: the customer's id is the job's name, which dashboards show. */
export type RowJob = JobData & { custSpaceId: string };

export function storedJobOf({ batchId, row, redrive }: JobData): StoredJob {
  return { batchId, row, round: redrive };
}

const ID_PREFIXES: Record<StepName, string> = { upload: 'up', submit: 'sub' };

/** Deterministic, so that adding a job twice adds it once; prefixed, because a raw id can equal a key of BullMQ. */
export function jobIdOf(step: StepName, { batchId, row, redrive }: JobData): string {
  return [ID_PREFIXES[step], batchId, row, ...(redrive === 0 ? [] : [redrive])].join('-');
}
