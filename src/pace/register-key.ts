import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { ACCESS_KEYS } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';

const resultSchema = z.object({ holder: z.string() });

export const registerKeyScript = defineScript(new URL('./register-key.lua', import.meta.url), {
  decode: resultSchema.parse,
});

export interface KeyRegistration {
  /** Name of the ledger: the limit of a simulator is another one than that of Alibaba Cloud. */
  account: string;
  accessKeyId: string;
}

/**
 * Notes that an account has an access key. Its limit belongs to the key's owner, so no other name may have it.
 * @param gone name of a ledger that has another key by now, though it has not said so yet
 * @returns the ledger that has the key; another one than that of the account if it is taken
 */
export async function registerKey(
  redis: RedisClient,
  { account, accessKeyId }: KeyRegistration,
  gone = '',
): Promise<string> {
  const values = [fieldOf({ account, accessKeyId }), account, gone];
  return (await registerKeyScript.run(redis, [ACCESS_KEYS], values)).holder;
}

/** Frees the keys of a ledger whose account is no longer in use. */
export async function releaseKeys(redis: RedisClient, account: string): Promise<void> {
  await registerKeyScript.run(redis, [ACCESS_KEYS], ['', account, '']);
}

/** The ledger that has the key of an account, if one has. */
export async function readKeyHolder(
  redis: RedisClient,
  registration: KeyRegistration,
): Promise<string | undefined> {
  return (await redis.hget(ACCESS_KEYS, fieldOf(registration))) ?? undefined;
}

/** Keys of a rehearsal are apart. Hashed, so that a dump of Redis shows no key. */
function fieldOf({ account, accessKeyId }: KeyRegistration): string {
  const kind = account.slice(0, account.indexOf(':'));
  return `${kind} ${createHash('sha256').update(accessKeyId).digest('hex')}`;
}
