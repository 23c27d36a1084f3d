/** From the header line of a file to the fields of a customer. Pure. */
import { AppError } from '../errors.ts';
import { INPUT_FIELDS, type InputField } from './fields.ts';

/** Most columns that a file may have, extra ones included. */
const COLUMNS_MAX = 200;

/** The header as it is in the file, and where each field is (0-based). */
export interface Columns {
  names: string[];
  indexOf: Record<InputField, number>;
}

/** `Cust Space ID`, `cust_space_id` and `CustSpaceId` are the same column. */
export const keyOf = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '');

/**
 * Finds the seven fields in a header. Other columns are kept and echoed.
 * @throws AppError INPUT_HEADER that names every missing and every repeated field.
 */
export function parseColumns(header: readonly string[]): Columns {
  const names = header.map((name) => name.trim());
  const keys = names.map(keyOf);
  const problems = INPUT_FIELDS.flatMap((field) => problemOf(field, keys));
  if (names.length > COLUMNS_MAX)
    problems.push(`there are ${names.length} columns; the limit is ${COLUMNS_MAX}`);
  if (problems.length > 0)
    throw new AppError('INPUT_HEADER', `Line 1: ${problems.join('; ')}${hintFor(names)}.`);
  const indexOf = Object.fromEntries(INPUT_FIELDS.map((field) => [field, keys.indexOf(keyOf(field))]));
  return { names, indexOf: indexOf as Record<InputField, number> };
}

function problemOf(field: InputField, keys: string[]): string[] {
  const count = keys.filter((key) => key === keyOf(field)).length;
  if (count === 0) return [`the column ${field} is missing`];
  return count > 1 ? [`the column ${field} appears ${count} times`] : [];
}

function hintFor(names: string[]): string {
  if (names.length !== 1) return '';
  const separator = [';', '\t', '|'].find((candidate) => names[0]?.includes(candidate));
  if (separator === undefined) return '';
  return ` (there is only one column; try --delimiter '${separator === '\t' ? '\\t' : separator}')`;
}

/** A column for people: its name and its position, counted from 1. */
export function describeColumn(columns: Columns, field: InputField): string {
  const index = columns.indexOf[field];
  return `${columns.names[index]} (column ${index + 1})`;
}

/** The seven raw values of a row. */
export function pickFields(columns: Columns, values: readonly string[]): Record<InputField, string> {
  const picked = INPUT_FIELDS.map((field) => [field, values[columns.indexOf[field]] ?? '']);
  return Object.fromEntries(picked) as Record<InputField, string>;
}
