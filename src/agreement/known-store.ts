/** Which agreement store an account uses, as Redis knows it: the first import or worker says so. */
import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';

const knownSchema = z.object({
  /** What the store calls itself. */
  id: z.string(),
  /** Where it was when the account began to use it, for people. */
  place: z.string(),
  /** What the account is called in the store; unlike its own name it is never the same in two installations. */
  user: z.string(),
});
export type KnownStore = z.output<typeof knownSchema>;

export const knownStoreScript = defineScript(new URL('./known-store.lua', import.meta.url), {
  decode: knownSchema.parse,
});

export interface StoreAccess {
  redis: RedisClient;
  /** Name of the account. */
  account: string;
}

/** Notes it if nothing is known yet. @returns what is known */
export function noteStore({ redis, account }: StoreAccess, store: KnownStore): Promise<KnownStore> {
  return knownStoreScript.run(redis, [accountKeys(account).store], [store.id, store.place, store.user]);
}

export async function readKnownStore({ redis, account }: StoreAccess): Promise<KnownStore | undefined> {
  return knownSchema.safeParse(await redis.hgetall(accountKeys(account).store)).data;
}
