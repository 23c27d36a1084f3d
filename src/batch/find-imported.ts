import { AppError } from '../errors.ts';
import type { Importing } from './import.ts';

/**
 * The batch that an earlier run of the same request began, if all of its rows are there; undefined if the import must go on.
 * @throws AppError BATCH_STATE if it was cancelled: whoever asked for it is not told that it is under way
 */
export async function findImported(
  { ledger }: Pick<Importing, 'ledger'>,
  requestKey: string,
): Promise<string | undefined> {
  const requested = await ledger.findRequested(requestKey);
  const batch = requested && (await ledger.readBatch(requested.batchId));
  if (batch === undefined) return undefined;
  if (batch.cancelledAt !== undefined)
    throw new AppError('BATCH_STATE', `Batch ${batch.id}, which this request began, was cancelled.`);
  // Who cancels an import that was interrupted seals it as it is.
  return batch.sealedAt === undefined || batch.sealedBy !== undefined ? undefined : batch.id;
}
