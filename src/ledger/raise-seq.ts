import { z } from 'zod';
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

export const raiseSeqScript = defineLedgerScript('raise-seq', {
  needs: 'base',
  decode: z.object({ seq: z.number() }).parse,
});

/** Numbers of submits go on above all that were ever given. @returns the last number from now on */
export async function raiseSeq(ledger: LedgerAccess): Promise<number> {
  return (await runLedgerScript(raiseSeqScript, ledger, [])).seq;
}

/** The number of the newest submit. */
export async function readSeq({ redis, account }: LedgerAccess): Promise<number> {
  return Number(await redis.hget(accountKeys(account).counters, 'seq'));
}
