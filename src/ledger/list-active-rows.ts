import { z } from 'zod';
import { batchKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import type { LedgerAccess } from './access.ts';
import { OUTCOMES } from './outcome.ts';
import { ACTIVE_PRELUDE } from './outcome-prelude.ts';

const resultSchema = z.object({
  rows: z.array(
    z
      .tuple([z.number(), z.enum(OUTCOMES), z.number()])
      .transform(([row, outcome, redrive]) => ({ row, outcome, redrive })),
  ),
  /** Numbers of rows whose record is damaged. */
  unreadable: z.array(z.number()),
});

/** `redrive` is the number of the one that took the row last, 0 for the import. */
export type ActiveRow = z.output<typeof resultSchema>['rows'][number];

export const listActiveRowsScript = defineScript(new URL('./list-active-rows.lua', import.meta.url), {
  prelude: ACTIVE_PRELUDE,
  decode: resultSchema.parse,
});

/**
 * The active ones among the rows from `first` to `last`, at most `CHUNK_ROWS` of them. Redis picks them out, so that a
 * large batch of which most rows are done costs its reader nearly nothing.
 */
export async function listActiveRows(
  { redis, account }: LedgerAccess,
  batchId: string,
  { first, last }: { first: number; last: number },
) {
  return listActiveRowsScript.run(redis, [batchKeys(account, batchId).rows], [first, last]);
}
