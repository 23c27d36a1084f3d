import { z } from 'zod';
import { accountKeys, batchKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import type { LedgerAccess } from './access.ts';
import { batchStateSchema } from './batch-record.ts';
import { ACTIVE_PRELUDE } from './outcome-prelude.ts';

const resultSchema = z.object({ state: batchStateSchema.nullable() });

export const sealScript = defineScript(new URL('./seal.lua', import.meta.url), {
  prelude: ACTIVE_PRELUDE,
  includes: [new URL('./finish-if-done.lua', import.meta.url)],
  decode: resultSchema.parse,
});

/** Ends the enqueuing of a batch: its rows are complete, and importing the same rows again is a new import. */
export async function seal(ledger: LedgerAccess, batchId: string, sourceKey: string): Promise<void> {
  await finish(ledger, batchId);
  await ledger.redis.hdel(accountKeys(ledger.account).sources, sourceKey);
}

/** Ends a batch that has no active rows. */
export async function finish({ redis, account, now }: LedgerAccess, batchId: string): Promise<void> {
  await sealScript.run(redis, [batchKeys(account, batchId).batch], [now()]);
}
