/** What the routes of KooGallery share. They are of the installation, not of an account. */
import { z } from 'zod';

export const CHANNEL = z
  .string()
  .min(1)
  .max(32)
  .describe('Slug of the channel.')
  .meta({ examples: ['shop'] });

/** Behind the question mark of whatever is about one channel. */
export const channelQuery = z.object({ channel: CHANNEL });

export const instanceParams = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .describe('Id of the instance.')
    .meta({ examples: ['03pf80c2bae96vc49b80b917bea776d7'] }),
});

/** `?name=true`, or `false`. */
export const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

/** A user or a key that is for one account may do neither. */
export const LOOKING_AT_ALL = { role: 'viewer' } as const;
export const ACTING_ON_ALL = { role: 'operator' } as const;
