/** Settings of the pages and of the HTTP API. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { whole } from './whole.ts';

const SESSION_KEY_CHARACTERS_MIN = 32;
const BITS = { 4: 32, 6: 128 } as const;

const publicUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL like https://onboard.example.com' })
  .transform((text) => new URL(text))
  .refine((url) => url.search === '' && url.hash === '' && url.username === '', {
    error: 'must be only a scheme, a host, a port and a path',
  })
  .transform((url) => url.href.replace(/\/$/, ''));

const basePath = z
  .string()
  .transform((text) => text.replace(/\/$/, ''))
  .refine((text) => text === '' || /^(\/(?!\.{1,2}(\/|$))[\w.~-]+)+$/.test(text), {
    error: 'must be a path such as /isv',
  });

/** An address, or a network as in `10.0.0.0/8`. Trusting everybody would let each caller choose its own address. */
const proxy = z.string().refine(isAddressOrNetwork, 'must be addresses or networks, such as 127.0.0.1');

function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= BITS[version as 4 | 6]);
}

export const httpSchema = z.strictObject({
  /** Not loopback only if there are users or keys. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 means any free one. */
  port: whole(0, 65_535).default(3_000),
  /** File of those who may log in; see `users-file.ts`. */
  usersFile: z.string().min(1).optional(),
  /** Signs sessions; by default a new one at each start. */
  sessionKey: z
    .string()
    .min(SESSION_KEY_CHARACTERS_MIN, `must have at least ${SESSION_KEY_CHARACTERS_MIN} characters`)
    .optional(),
  /** Where people find the pages. */
  publicUrl: publicUrl.optional(),
  /** Below which everything is served: `/isv`, or empty. */
  basePath: basePath.default(''),
  /** Proxies whose X-Forwarded-* headers are believed. */
  trustedProxies: z.array(proxy).default([]),
  /** Folder of what was uploaded: for as long as a request takes, and drafts for a day. */
  draftsFolder: z.string().min(1).default('./var/drafts'),
  /** Most bytes of one upload, and of what zips in it hold, in MB each. */
  uploadMegabytes: whole(1, 100_000).default(1_024),
  /** Lets operators pause and resume queues in bull-board. */
  allowsBoardWrites: z.boolean({ error: 'must be true or false' }).default(false),
});

export type HttpSettings = z.output<typeof httpSchema>;

/** Where people find what is served, without a slash at its end; undefined if nobody has said. */
export function publicAddressOf({
  publicUrl,
  basePath,
}: Pick<HttpSettings, 'publicUrl' | 'basePath'>): string | undefined {
  // Some write the path in both.
  return publicUrl?.endsWith(basePath) ? publicUrl : publicUrl && `${publicUrl}${basePath}`;
}
