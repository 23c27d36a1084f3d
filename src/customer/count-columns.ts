/** Whether a row looks like our header: used to find the sheet of a workbook that holds customers. Pure. */
import { keyOf } from './columns.ts';
import { INPUT_FIELDS } from './fields.ts';

/** @returns how many of the seven fields the cells name */
export function countColumns(cells: readonly string[]): number {
  const keys = new Set(cells.map((cell) => keyOf(cell)));
  return INPUT_FIELDS.filter((field) => keys.has(keyOf(field))).length;
}
