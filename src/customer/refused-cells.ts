/** Cells of a spreadsheet of which nobody can say for certain what they hold: never sent, and told by name. Pure. */
import type { SourceRow } from '../source/row.ts';
import { type Columns, describeColumn } from './columns.ts';
import { INPUT_FIELDS } from './fields.ts';
import type { RowProblem } from './validate.ts';

const fieldAt = ({ indexOf }: Columns, column: number) =>
  INPUT_FIELDS.find((field) => indexOf[field] === column);

/**
 * The row without those cells of fields. What Excel made of an id would otherwise stand in the file of rejects, and be
 * taken for an id when that file is imported.
 */
export function withoutRefused(columns: Columns, row: SourceRow): SourceRow {
  const isRefused = new Set(
    row.refused?.map(({ index }) => index).filter((index) => fieldAt(columns, index)),
  );
  if (isRefused.size === 0) return row;
  return { ...row, values: row.values.map((value, index) => (isRefused.has(index) ? '' : value)) };
}

/**
 * What is wrong with a row, where a field that could not be read counts as that and not as empty. Cells of other columns
 * are only echoed, so there anything goes; right of all columns nothing should be.
 */
export function explainRefused(
  columns: Columns,
  { line, refused = [] }: SourceRow,
  problems: readonly RowProblem[],
): RowProblem[] {
  const found = refused.flatMap(({ index, cell, why }): RowProblem[] => {
    const field = fieldAt(columns, index);
    if (field === undefined && index < columns.names.length) return [];
    const column = field && describeColumn(columns, field);
    return [{ line, ...(column && { column }), code: 'CELL_NOT_TEXT', message: `cell ${cell} ${why}` }];
  });
  const unread = new Set(found.map(({ column }) => column).filter((column) => column !== undefined));
  return [...found, ...problems.filter(({ column = '' }) => !unread.has(column))];
}
