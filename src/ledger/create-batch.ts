import { z } from 'zod';
import { AppError } from '../errors.ts';
import { jsonForScript } from '../redis/json.ts';
import { accountNameOf } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import type { BATCH_KINDS } from './batch-record.ts';
import { REQUEST_KEPT_SECONDS } from './find-requested.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

export interface NewBatch {
  id: string;
  kind: (typeof BATCH_KINDS)[number];
  name: string;
  /** Where the rows came from, for people. */
  source: string;
  /** Identity of the rows, by which importing them again finds an interrupted import. */
  sourceKey?: string;
  /** The same for a request and its repetition, which so finds the batch, finished or not. */
  requestKey?: string | undefined;
  by: string;
  /** What its history says of its beginning. */
  details: string;
  columns: string[];
  /** Where each field of a customer is among the columns. */
  fieldColumns: number[];
  priority: number;
  /** The batch pauses after more than this many identical refusals in a row; 0 for never. */
  maxFailures: number;
  /** Earliest time at which its rows may be sent, in milliseconds since 1970; absent for at once. */
  notBefore?: number;
}

const resultSchema = z.object({
  id: z.string(),
  isNew: z.literal([0, 1]).transform((flag) => flag === 1),
});

export const createBatchScript = defineLedgerScript('create-batch', {
  needs: 'base',
  decode: resultSchema.parse,
});

/**
 * Records a batch before its first row, unless an import of the same rows is unfinished, or the same request has begun one:
 * then that one goes on.
 */
export async function createBatch(
  ledger: LedgerAccess,
  { id, sourceKey = '', requestKey = '', details, columns, fieldColumns, ...facts }: NewBatch,
): Promise<z.output<typeof resultSchema>> {
  const fields = {
    ...facts,
    account: accountNameOf(ledger.account),
    columns: JSON.stringify(columns),
    fieldColumns: JSON.stringify(fieldColumns),
  };
  const values = Object.entries(fields).flatMap(([field, value]) =>
    value === undefined ? [] : [field, value],
  );
  const created = await runLedgerScript(createBatchScript, ledger, [
    id,
    sourceKey,
    requestKey,
    REQUEST_KEPT_SECONDS,
    jsonForScript({ by: facts.by, action: facts.kind, details }),
    ...values,
  ]);
  if (created.id === '') throw new AppError('BATCH_STATE', `There is, or was, a batch ${id} already.`);
  return created;
}
