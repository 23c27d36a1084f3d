/** What keeps rows from moving, as the API has it. Pure. */
import { z } from 'zod';
import { HOLD_KINDS, type Hold, type HoldReason } from '../../onboarding/holds.ts';
import { maybeIso, timeSchema } from './times.ts';

const REASONS = Object.keys(HOLD_KINDS) as HoldReason[];

export const holdSchema = z
  .object({
    reason: z.enum(REASONS),
    hint: z.string().describe('What to do.'),
    since: timeSchema.optional(),
    until: timeSchema.optional(),
    lastAt: timeSchema.optional().describe('When the last submit was noted of which Redis knows nothing.'),
    by: z.string().optional(),
    why: z.string().optional().describe('Code of the refusals by which a batch paused itself.'),
    code: z.string().optional(),
    message: z.string().optional(),
    operation: z.string().optional(),
    rows: z.number().int().optional(),
    seconds: z.number().optional(),
    batches: z.array(z.string()).optional(),
    workers: z.array(z.object({ host: z.string(), pid: z.number().int(), state: z.string() })).optional(),
  })
  .meta({
    id: 'Hold',
    description: 'Something that keeps rows from moving.',
    examples: [
      { reason: 'noWorker', hint: 'Start a worker: `onboard worker`.', since: '2026-01-31T08:00:00.000Z' },
    ],
  });

export function toHold(hold: Hold): z.output<typeof holdSchema> {
  const { since, until, lastAt } = hold as { since?: number; until?: number; lastAt?: number };
  return { ...hold, since: maybeIso(since), until: maybeIso(until), lastAt: maybeIso(lastAt) };
}
