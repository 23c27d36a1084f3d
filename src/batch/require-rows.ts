/** Makes an error of row numbers that a batch does not have. */
import { AppError } from '../errors.ts';
import type { Batch } from '../ledger/batch-record.ts';

/** @throws AppError USAGE if the batch cannot have a row of one of these numbers */
export function requireRows(
  { id, lastRow }: Pick<Batch, 'id' | 'lastRow'>,
  rows: readonly number[] = [],
): void {
  const missing = rows.filter((row) => row > lastRow);
  if (missing.length === 0) return;
  const has = lastRow === 0 ? 'has no rows yet' : `has the rows 1 to ${lastRow}`;
  throw new AppError('USAGE', `Batch ${id} ${has}; there is no row ${missing.join(', ')}.`, {
    hint: 'Row numbers are in the column onboard_row of its result files.',
  });
}
