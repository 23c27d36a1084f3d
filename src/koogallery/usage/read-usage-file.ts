/** Reads records of usage from a table: CSV, NDJSON or a workbook, with the marketplace's names of columns or ours. */
import { AppError } from '../../errors.ts';
import { quoted } from '../../printable.ts';
import { openSource, type SourceOptions, type SourceOrigin } from '../../source/open-source.ts';
import type { SourceRow } from '../../source/row.ts';
import type { GivenUsage } from './rules.ts';

/** Most records that are given together: they are checked in memory. */
export const USAGE_ROWS_MAX = 100_000;

/** Names of columns without `_` and case, and the field that each is. */
const FIELDS = {
  meteringsn: 'meteringSn',
  instanceid: 'instanceId',
  relatepkginstance: 'relatedPackage',
  relatedpackage: 'relatedPackage',
  productid: 'productId',
  recordtime: 'recordTime',
  begintime: 'beginTime',
  endtime: 'endTime',
  usagevalue: 'value',
  value: 'value',
} as const satisfies Record<string, keyof GivenUsage>;

type Field = keyof GivenUsage;
const NEEDED: readonly Field[] = ['instanceId', 'beginTime', 'endTime', 'value'];
const COLUMNS =
  'metering_sn, instance_id, relate_pkg_instance, product_id, record_time, begin_time, end_time, usage_value';

/** @throws AppError INPUT_…, CELL_NOT_TEXT */
export async function readUsageFile(from: SourceOrigin, options: SourceOptions = {}): Promise<GivenUsage[]> {
  const records: GivenUsage[] = [];
  let fields: Field[] | undefined;
  for await (const row of openSource(from, options)) {
    if (fields === undefined) {
      fields = fieldsOf(row);
      continue;
    }
    if (records.length === USAGE_ROWS_MAX)
      throw new AppError('INPUT_TOO_MANY_ROWS', `There are more than ${USAGE_ROWS_MAX} records.`);
    records.push(recordOf(row, fields));
  }
  if (records.length === 0) throw new AppError('INPUT_EMPTY', 'There are no usage records.');
  return records;
}

function fieldsOf({ values }: SourceRow): Field[] {
  const fields = values.map((name) => {
    const field = FIELDS[name.trim().toLowerCase().replaceAll('_', '') as keyof typeof FIELDS];
    if (field === undefined) throw header(`There is no column ${quoted(name, 40)}; there are ${COLUMNS}.`);
    return field;
  });
  const missing = NEEDED.filter((field) => !fields.includes(field));
  if (missing.length > 0) throw header(`Columns are missing: ${missing.join(', ')}.`);
  if (new Set(fields).size < fields.length) throw header('A column is there twice.');
  return fields;
}

const header = (message: string) =>
  new AppError('INPUT_HEADER', message, { hint: `Name the columns: ${COLUMNS}.` });

/** An empty cell is none. */
function recordOf({ line, values, refused }: SourceRow, fields: readonly Field[]): GivenUsage {
  const [odd] = refused ?? [];
  if (odd !== undefined) throw new AppError('CELL_NOT_TEXT', `${odd.cell} ${odd.why}.`);
  if (values.length > fields.length) throw new AppError('COLUMN_COUNT', `Line ${line} has too many cells.`);
  const record: GivenUsage = { instanceId: '', beginTime: '', endTime: '', value: '' };
  for (const [index, field] of fields.entries()) {
    const text = values[index]?.trim() ?? '';
    if (text !== '') record[field] = text;
  }
  return record;
}
