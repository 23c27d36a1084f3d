/** Rows of which Redis holds something that nobody can read: a record, an input or a submit. */
import { AppError } from '../errors.ts';

const NAMED_MAX = 5;

/** @throws AppError ROW_UNREADABLE that names the first of the rows, if there is one */
export function refuseUnreadable(batchId: string, rows: readonly number[]): void {
  if (rows.length === 0) return;
  const named = rows.slice(0, NAMED_MAX).join(', ');
  const more = rows.length > NAMED_MAX ? ` and ${rows.length - NAMED_MAX} more` : '';
  const which = rows.length === 1 ? `Row ${named}` : `Rows ${named}${more}`;
  throw new AppError('ROW_UNREADABLE', `${which} of batch ${batchId} cannot be read: Redis has it damaged.`);
}
