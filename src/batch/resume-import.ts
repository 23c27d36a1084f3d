/** Completes one particular batch whose import was interrupted; the same rows are needed. */
import { AppError } from '../errors.ts';
import { type Imported, type Importing, type ImportOrder, importInto } from './import.ts';

/** @throws AppError BATCH_STATE if the batch was not interrupted, or was started with other rows */
export async function resumeImport(
  importing: Importing,
  batchId: string,
  order: ImportOrder,
): Promise<Imported> {
  return importInto(importing, order, async ({ sourceKey }) => {
    if ((await importing.ledger.findInterrupted(sourceKey)) === batchId) return { id: batchId, isNew: false };
    const message = `Batch ${batchId} was not interrupted, or was started with other rows.`;
    throw new AppError('BATCH_STATE', message);
  });
}
