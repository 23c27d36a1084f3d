/** `--map CustName=企业名称`: which column of the file is which field. */
import { InvalidArgumentError } from 'commander';
import { INPUT_FIELDS } from '../customer/fields.ts';
import { type ColumnMap, fieldNamed } from '../customer/match-columns.ts';

/** Adds one to those given before it. */
export function addToMap(text: string, map: ColumnMap = {}): ColumnMap {
  const at = text.indexOf('=');
  const field = fieldNamed(text.slice(0, at));
  const column = text.slice(at + 1).trim();
  if (at === -1 || field === undefined || column === '')
    throw new InvalidArgumentError(`Give FIELD=COLUMN; the fields are ${INPUT_FIELDS.join(', ')}.`);
  if (map[field] !== undefined) throw new InvalidArgumentError(`${field} is mapped twice.`);
  if (Object.values(map).includes(column))
    throw new InvalidArgumentError(`The column ${column} is mapped to two fields.`);
  return { ...map, [field]: column };
}
