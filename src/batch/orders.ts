/**
 * Schemas of what callers may ask for. A value that could not be read back would make its batch unreadable for good, so
 * it is refused before anything is written.
 */
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { DECISIONS } from '../ledger/review.ts';

const by = z.string().trim().min(1, 'must name the person or program').max(200);
/** Milliseconds since 1970, up to the year 2100. */
const time = z
  .number()
  .min(0)
  .max(Date.UTC(2100, 0, 1));
/** Priorities below 2 are for rows that are retried. */
const priority = z.number().int().min(2).max(1_000_000);

export const bySchema = z.object({ by });
export const importOrderSchema = z.object({
  by,
  name: z.string().max(500).optional(),
  priority: priority.optional(),
  maxFailures: z.number().int().min(0).max(1_000_000).optional(),
  notBefore: time.optional(),
});
export const addCustomerOrderSchema = z.object({ by, source: z.string().trim().min(1).max(100).optional() });
export const prioritizeOrderSchema = z.object({ by, priority });
export const redriveOrderSchema = z
  .object({
    by,
    notBefore: time.optional(),
    takesSuperseded: z.boolean(),
    rows: z.array(z.number().int().positive()).optional(),
  })
  .refine(({ takesSuperseded, rows = [] }) => !takesSuperseded || rows.length > 0, {
    error: 'rows that newer data has replaced are sent only if each is named',
    path: ['takesSuperseded'],
  });
export const settleOrderSchema = z.object({
  by,
  row: z.number().int().positive(),
  as: z.enum(['submitted', 'failed']),
});

export const reviewOrderSchema = z
  .object({
    by,
    batchId: z.string().optional(),
    row: z.number().int().positive().optional(),
    custSpaceId: z.string().min(1).optional(),
    as: z.enum(DECISIONS),
    date: z.string(),
    evidence: z.string(),
  })
  .refine(
    ({ batchId, row, custSpaceId }) =>
      (batchId === undefined ? row === undefined : true) && (row ?? custSpaceId) !== undefined,
    {
      error: 'name a batch and a row, or a customer',
      path: ['row'],
    },
  );

/** @throws AppError USAGE that names every invalid field */
export function checkOrder(schema: z.ZodType, order: unknown): void {
  const result = schema.safeParse(order);
  if (result.success) return;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new AppError('USAGE', `Invalid request: ${problems.join('; ')}.`);
}
