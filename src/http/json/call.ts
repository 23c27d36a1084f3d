/** Calls of the marketplace as the API has them. Pure. */
import { z } from 'zod';
import type { AuditedCall } from '../../index.ts';
import { isFailure } from '../../koogallery/registry/read-counts.ts';
import { nextSchema } from '../paging.ts';
import { isoOf, timeSchema } from './times.ts';

const callSchema = z
  .object({
    at: timeSchema,
    activity: z
      .string()
      .describe(
        'As the marketplace calls it; `unverified` without a valid signature, `unknown` if we know none.',
      ),
    code: z.string().describe('What it was answered: `000004` asks the marketplace to come again.'),
    isFailed: z.boolean().describe('Whether the marketplace counts that as an error.'),
    isTest: z.boolean().describe('It came from the debugger of the seller console.'),
    facts: z
      .record(z.string(), z.string())
      .describe('What else is known, by name: ids and words of the protocol, nothing about a person.'),
  })
  .meta({ id: 'KooGalleryCall', description: 'A call of the marketplace, as the audit has it.' });

export const callPageSchema = z.object({ calls: z.array(callSchema), next: nextSchema }).meta({
  id: 'KooGalleryCallPage',
  description: 'Calls on a channel, the newest first.',
  examples: [
    {
      calls: [
        {
          at: '2026-01-20T08:00:00.000Z',
          activity: 'newInstance',
          code: '000004',
          isFailed: false,
          isTest: false,
          facts: { orderId: 'CS1906666666ABCDE', instance: '03pf80c2bae96vc49b80b917bea776d7', ms: '7' },
        },
      ],
      next: null,
    },
  ],
});

export function toCall({ at, ...call }: AuditedCall): z.output<typeof callSchema> {
  return { ...call, at: isoOf(at), isFailed: isFailure(call) };
}
