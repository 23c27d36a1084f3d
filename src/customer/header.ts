/** Finds the header among the first rows of a source, and says what is wrong with it. Pure. */
import { distance as editDistance } from 'fastest-levenshtein';
import { AppError } from '../errors.ts';
import { quoted, shown } from '../source/quoted.ts';
import type { SourceRow } from '../source/row.ts';
import { COLUMN_NAMES, COLUMNS_MAX, type Columns, keyOf } from './columns.ts';
import { INPUT_FIELDS, type InputField } from './fields.ts';
import { type ColumnMap, fieldNamed, type HeaderMatch, matchHeader, renderMatch } from './match-columns.ts';
import { refuseCustomersAbove } from './rows-above.ts';

export const ADD_HEADER = 'Add a header, and at least one row below it.';

/** As many rows as the header is sought in: a title and some remarks may stand above it. */
export const HEADER_ROWS_MAX = 10;

export interface HeaderOptions {
  /** Columns that a person named. */
  map?: ColumnMap | undefined;
  /** Line of the file (row of the sheet) that is the header, counted from 1; by default it is sought. */
  headerRow?: number | undefined;
}

export interface Header {
  columns: Columns;
  /** Which of the rows it is. */
  index: number;
  /** What a person did not write so: `header on line 3`, `企业名称 -> CustName`. */
  notes: string[];
}

/**
 * The header: the first of the rows in which the most of the seven fields are found. Other columns are kept and echoed.
 * @param rows the first rows of a source; with `headerRow`, that row is among them if there is one
 * @throws AppError INPUT_HEADER that names every missing and every doubtful field, or a customer above it; INPUT_EMPTY
 */
export function findHeader(rows: readonly SourceRow[], { map, headerRow }: HeaderOptions = {}): Header {
  const [first] = rows;
  if (first === undefined)
    throw new AppError('INPUT_EMPTY', 'The file is empty; it has no header line.', { hint: ADD_HEADER });
  const candidates = rows.map((row, index) => ({ row, index, match: matchHeader(row.values, map) }));
  const best =
    headerRow === undefined
      ? candidates.reduce((winner, next) => (isBetter(next.match, winner.match) ? next : winner))
      : candidates.find(({ row }) => row.line === headerRow);
  if (best === undefined)
    throw new AppError('INPUT_HEADER', `There is no row that begins on line ${headerRow}.`, {
      hint: 'Give --header-row the line of the file, or the row of the sheet, that names the columns.',
    });
  const columns = toColumns(best.match, Math.max(best.row.line, 1), map);
  if (headerRow === undefined) refuseCustomersAbove(columns, rows.slice(0, best.index), best.row.line);
  const notes = renderMatch(best.match);
  if (best.index > 0) notes.unshift(`header on line ${best.row.line}`);
  return { columns, index: best.index, notes };
}

/** The columns of one line that is known to be the header. @throws AppError INPUT_HEADER */
export function parseColumns(header: readonly string[]): Columns {
  return findHeader([{ line: 1, values: [...header] }]).columns;
}

/** Whether a row repeats the header, as after `cat a.csv b.csv`, or repeats it in another language. */
export function isHeaderAgain({ indexOf, names }: Columns, { values }: SourceRow): boolean {
  return INPUT_FIELDS.every((field) => {
    const value = values[indexOf[field]]?.trim() ?? '';
    return value !== '' && (value === names[indexOf[field]] || fieldNamed(value) === field);
  });
}

/** One field alone is no header: a cell of a customer may say `公司` as well. */
function isBetter(one: HeaderMatch, other: HeaderMatch): boolean {
  const [score, scoreBefore] = [one, other].map(
    ({ found, doubtful }) => Object.keys(found).length + Object.keys(doubtful).length,
  ) as [number, number];
  return score > 1 && score > scoreBefore;
}

function toColumns(match: HeaderMatch, line: number, map: ColumnMap = {}): Columns {
  const names = withoutFill(match.names);
  const problems = INPUT_FIELDS.flatMap((field) => problemOf(field, match, map));
  if (names.length > COLUMNS_MAX)
    problems.push(`there are ${names.length} columns; the limit is ${COLUMNS_MAX}`);
  if (problems.length > 0)
    throw new AppError('INPUT_HEADER', `Line ${line}: ${problems.join('; ')}${hintFor(names)}.`);
  return { names, indexOf: match.found as Columns['indexOf'] };
}

/** Excel may fill a row up to the last column that was ever used. */
function withoutFill(names: string[]): string[] {
  if (names.length <= COLUMNS_MAX) return names;
  return names.slice(0, names.findLastIndex((name) => name !== '') + 1);
}

function problemOf(field: InputField, match: HeaderMatch, map: ColumnMap): string[] {
  const { names, found, doubtful } = match;
  const rivals = doubtful[field];
  const wanted = map[field];
  if (rivals?.every((index) => keyOf(names[index] ?? '') === keyOf(names[rivals[0] ?? 0] ?? '')))
    return [`the column ${wanted === undefined ? field : shown(wanted)} appears ${rivals.length} times`];
  if (rivals)
    return [
      `${rivals.map((index) => shown(names[index] ?? '')).join(' and ')} may both be ${field}; say which`,
    ];
  if (found[field] !== undefined) return [];
  if (wanted === undefined) return [`the column ${field} is missing${nearMiss(field, match)}`];
  const near = nearest(wanted, names);
  const offer = near === undefined ? '' : ` (did you mean ${shown(near)}?)`;
  return [`there is no column ${quoted(wanted)} for ${field}${offer}`];
}

/** ` (CustNmae: did you mean CustName?)`, of the column whose name comes nearest. */
function nearMiss(field: InputField, { names, found, doubtful }: HeaderMatch): string {
  const taken = [...Object.values(found), ...Object.values(doubtful).flat()];
  const free = names.filter((_, index) => !taken.includes(index));
  const near = [field, ...COLUMN_NAMES[field]].map((name) => nearest(name, free)).find((name) => name);
  return near === undefined ? '' : ` (${shown(near)}: did you mean ${field}?)`;
}

/** As much of a name as is compared, in characters. */
const KEY_LENGTH_MAX = 100;

/** One letter in four may be wrong. */
function nearest(wanted: string, names: readonly string[]): string | undefined {
  const key = keyOf(wanted).slice(0, KEY_LENGTH_MAX);
  const distances = names.map((name) => {
    const other = keyOf(name).slice(0, KEY_LENGTH_MAX);
    const most = Math.floor(Math.max(key.length, other.length) / 4);
    const distance = editDistance(key, other);
    return { name, distance: other !== '' && distance <= most ? distance : Number.POSITIVE_INFINITY };
  });
  const [best] = distances.sort((a, b) => a.distance - b.distance);
  return best !== undefined && Number.isFinite(best.distance) ? best.name : undefined;
}

function hintFor(names: string[]): string {
  if (names.length !== 1) return '';
  const separator = [',', ';', '\t', '|', '，', '；'].find((candidate) => names[0]?.includes(candidate));
  if (separator === undefined) return '';
  const delimiter = separator === '\t' ? '\\t' : separator;
  // Some programs put each line into quotes as a whole: then no separator helps.
  return ` (there is only one column; remove quotes around whole lines, or try --delimiter '${delimiter}')`;
}
