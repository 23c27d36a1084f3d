/** From the cells of a source to what is kept of a row, and back: each value is kept once. Pure. */
import type { Columns } from './columns.ts';
import { CUSTOMER_FIELDS, type Customer, type CustomerInput, INPUT_FIELDS } from './fields.ts';

export interface KeptCells {
  /** The fields as they are sent, in the order of `INPUT_FIELDS`. */
  fields: string[];
  /** The cells that differ from them, by their positions in `fields`. */
  raw?: Record<string, string>;
  /** The cells of the other columns. */
  rest?: string[];
}

export function keepCells(columns: Columns, values: readonly string[], input: CustomerInput): KeptCells {
  const positions = fieldColumnsOf(columns);
  const fields = INPUT_FIELDS.map((field) => input[field]);
  const differing = positions.flatMap((column, index) => {
    const cell = values[column] ?? '';
    return cell === fields[index] ? [] : [[String(index), cell]];
  });
  const rest = columns.names.flatMap((_, column) =>
    positions.includes(column) ? [] : [values[column] ?? ''],
  );
  return {
    fields,
    ...(differing.length > 0 ? { raw: Object.fromEntries(differing) } : {}),
    ...(rest.length > 0 ? { rest } : {}),
  };
}

/** Where each field is among the columns, in the order of `INPUT_FIELDS`. */
export function fieldColumnsOf({ indexOf }: Columns): number[] {
  return INPUT_FIELDS.map((field) => indexOf[field]);
}

/** The cells as the source had them, in the order of its columns. */
export function restoreCells(
  { columns, fieldColumns }: { columns: readonly string[]; fieldColumns: readonly number[] },
  { fields, raw = {}, rest = [] }: KeptCells,
): string[] {
  const cells: string[] = [];
  for (const [index, column] of fieldColumns.entries())
    cells[column] = raw[String(index)] ?? fields[index] ?? '';
  const others = columns.flatMap((_, column) => (fieldColumns.includes(column) ? [] : [column]));
  for (const [index, column] of others.entries()) cells[column] = rest[index] ?? '';
  return columns.map((_, column) => cells[column] ?? '');
}

/** The customer as it is sent. */
export function customerOfKept({ fields }: Pick<KeptCells, 'fields'>): Customer {
  const values = CUSTOMER_FIELDS.map((field) => [field, fields[INPUT_FIELDS.indexOf(field)] ?? '']);
  return Object.fromEntries(values) as Customer;
}
