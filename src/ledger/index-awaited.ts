import { z } from 'zod';
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { CHUNK_ROWS } from './iterate-rows.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

export const indexAwaitedScript = defineLedgerScript('index-awaited', {
  needs: 'reviews',
  decode: z.object({ listed: z.number() }).parse,
});

/** Lists every submit without a recorded review as awaiting one, those of an earlier version included. */
export async function indexAwaited(ledger: LedgerAccess): Promise<void> {
  const { submitted } = accountKeys(ledger.account);
  let cursor = '0';
  do {
    const [next, entries] = await ledger.redis.hscan(submitted, cursor, 'COUNT', CHUNK_ROWS);
    // Names and values take turns.
    const customers = entries.filter((_, index) => index % 2 === 0);
    await runLedgerScript(indexAwaitedScript, ledger, customers);
    cursor = next;
  } while (cursor !== '0');
}
