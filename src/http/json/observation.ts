/** What the peer listed of a customer, as the API has it. Pure. */
import { z } from 'zod';
import type { Observation } from '../../index.ts';
import { isoOf, timeSchema } from './times.ts';

export const observationSchema = z
  .object({
    at: timeSchema.describe('When `ListInstance` was asked.'),
    instances: z.array(
      z.object({
        instanceId: z.string().optional(),
        channelType: z.string().optional(),
        state: z.string().optional().describe('`State`, verbatim: it is not said which words there are.'),
        isvTerms: z
          .string()
          .optional()
          .describe('`IsvTerms`: name of the agreement as Alibaba Cloud has it.'),
      }),
    ),
  })
  .meta({
    id: 'Observation',
    description:
      'What `ListInstance` said of a customer, with CHATAPP_OBSERVE. Not a review: nothing is decided by it, and it may be about another submit.',
    examples: [
      {
        at: '2026-01-31T08:00:00.000Z',
        instances: [{ instanceId: 'cams-8a2', state: 'running', isvTerms: 'isv/agreement.pdf' }],
      },
    ],
  });

export function toObservation(
  observation: Observation | undefined,
): z.output<typeof observationSchema> | undefined {
  return observation && { at: isoOf(observation.at), instances: observation.instances };
}
