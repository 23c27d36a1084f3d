import { z } from 'zod';
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { type Place, parsePlace, placeText } from './place.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

const resultSchema = z.object({ left: z.number() });

export const followUnparkedScript = defineLedgerScript('follow-unparked', {
  needs: 'parked',
  decode: resultSchema.parse,
});

/** Rows that are no longer parked, while there are others that failed because of them and have not been told. */
export async function listUnparked({ redis, account }: LedgerAccess): Promise<Place[]> {
  return (await redis.hkeys(accountKeys(account).unparked)).map(parsePlace);
}

/** Tells all that are left, of which there may be thousands, in as many scripts as it takes. */
export async function followUnparked(ledger: LedgerAccess, place: Place): Promise<void> {
  for (let left = 1; left > 0; )
    ({ left } = await runLedgerScript(followUnparkedScript, ledger, [placeText(place)]));
}
