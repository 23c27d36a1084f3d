/** Which field a problem is about. Pure. */

import type { Draft } from '../../api/draft-types.ts';
import type { RowError } from '../../api/types.ts';

/** @returns undefined if it is about the row as a whole */
export function fieldOf({ column }: RowError, { fields }: Pick<Draft, 'fields'>): string | undefined {
  if (column === undefined) return undefined;
  // A column is called by our name for it, or as the file does: `企业名称 (column 2)`.
  const named = fields.find((each) => each.field === column);
  return (named ?? fields.find((each) => each.column && column.startsWith(each.column)))?.field;
}
