/** Whether a row looks like our header: used to find the sheet of a workbook that holds customers. Pure. */
import { type ColumnMap, matchHeader } from './match-columns.ts';

/** @returns how many of the seven fields the cells name */
export function countColumns(cells: readonly string[], map?: ColumnMap): number {
  const { found, doubtful } = matchHeader(cells, map);
  return Object.keys(found).length + Object.keys(doubtful).length;
}
