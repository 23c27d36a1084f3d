/** When the peer last answered any process of an account: what tells a broken network here from an outage of the peer. */
import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import type { Operation } from './outage-operations.ts';

/** The hosts that are called: each may be unreachable on its own. */
export type PeerHost = 'chatApp' | 'oss';

export const HOST_OF: Record<Operation, PeerHost> = { authorize: 'chatApp', put: 'oss', submit: 'chatApp' };

const resultSchema = z.object({
  /** Milliseconds since 1970 by the clock of Redis, like the other. */
  now: z.number(),
  /** The last answer to any process; 0 if none is known. */
  last: z.number(),
});
export type ContactState = z.output<typeof resultSchema>;

export const contactScript = defineScript(new URL('./contact.lua', import.meta.url), {
  decode: resultSchema.parse,
});

interface ContactAccess {
  redis: RedisClient;
  account: string;
}

export function readContact({ redis, account }: ContactAccess, host: PeerHost): Promise<ContactState> {
  return contactScript.run(redis, [accountKeys(account).contacts], [host, 0]);
}

export async function noteContact({ redis, account }: ContactAccess, host: PeerHost): Promise<void> {
  await contactScript.run(redis, [accountKeys(account).contacts], [host, 1]);
}
