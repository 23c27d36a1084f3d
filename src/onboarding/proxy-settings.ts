/** The proxy through which the peer is reached. */
import { z } from 'zod';

const proxyUrl = z
  .string()
  .transform((text) => (text.includes('://') ? text : `http://${text}`))
  .refine((text) => URL.canParse(text) && /^https?:\/\/[^/]+\/?$/.test(text), {
    error: 'must be a proxy that speaks HTTP, such as http://proxy:3128',
  });

export const proxySchema = z.strictObject({
  /** Through which Chat App and OSS are reached: `http://user:password@proxy:3128`, or `proxy:3128`. */
  url: proxyUrl.optional(),
  /** Hosts that are reached past it, as NO_PROXY lists them. */
  bypass: z.array(z.string().min(1)).default([]),
});
