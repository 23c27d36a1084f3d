/** Which cell of a header names which field. Pure. */
import { shown } from '../source/quoted.ts';
import { COLUMN_NAMES, type Columns, keyOf } from './columns.ts';
import { INPUT_FIELDS, type InputField } from './fields.ts';

/** Which column of the file is which field, as a person says: `{ CustName: '企业名称' }`. */
export type ColumnMap = Partial<Record<InputField, string>>;

export interface HeaderMatch {
  names: string[];
  found: Partial<Columns['indexOf']>;
  /** For each field that several columns may be: those columns. */
  doubtful: Partial<Record<InputField, number[]>>;
}

const FIELDS_BY_OWN_NAME = new Map(INPUT_FIELDS.map((field) => [keyOf(field), field]));
const FIELDS_BY_OTHER_NAME = new Map(
  INPUT_FIELDS.flatMap((field) => COLUMN_NAMES[field].map((name) => [keyOf(name), field] as const)),
);

/** What a header cell may mean, the surest first. */
const READINGS: readonly ((name: string) => InputField | undefined)[] = [
  (name) => FIELDS_BY_OWN_NAME.get(keyOf(name)),
  (name) => FIELDS_BY_OTHER_NAME.get(keyOf(name)),
  readParts,
];

/** The field that the API, or our table, calls so. */
export function fieldNamed(name: string): InputField | undefined {
  return FIELDS_BY_OWN_NAME.get(keyOf(name)) ?? FIELDS_BY_OTHER_NAME.get(keyOf(name));
}

/**
 * Finds the fields in a header: first as a person maps them, then by the API's own names, then by names that people use,
 * then by parts of a name (`企业名称（必填）`, `Company / 公司`). A field that one of these settles is not sought further.
 */
export function matchHeader(header: readonly string[], map: ColumnMap = {}): HeaderMatch {
  const match: HeaderMatch = { names: header.map((name) => name.trim()), found: {}, doubtful: {} };
  const { names, found, doubtful } = match;
  const isTaken = new Set<number>();

  function settle(field: InputField, columns: number[]) {
    const [column] = columns;
    if (column === undefined) return;
    for (const index of columns) isTaken.add(index);
    if (columns.length === 1) found[field] = column;
    else doubtful[field] = columns;
  }

  for (const [field, name] of Object.entries(map) as [InputField, string][])
    settle(field, mappedColumns(names, name));
  for (const read of READINGS) {
    const meanings = names.map((name, index) => (isTaken.has(index) ? undefined : read(name)));
    for (const field of INPUT_FIELDS) {
      if (map[field] !== undefined || found[field] !== undefined || doubtful[field] !== undefined) continue;
      settle(
        field,
        meanings.flatMap((meaning, index) => (meaning === field ? [index] : [])),
      );
    }
  }
  return match;
}

/** As it is written in the file, or else in another spelling. */
function mappedColumns(names: readonly string[], wanted: string): number[] {
  const columnsWhere = (isIt: (name: string) => boolean) =>
    names.flatMap((name, index) => (isIt(name) ? [index] : []));
  const exact = columnsWhere((name) => name === wanted.trim());
  const key = keyOf(wanted);
  return exact.length > 0 || key === '' ? exact : columnsWhere((name) => keyOf(name) === key);
}

/** `企业名称（必填）`, `甲方 (CustName)`, `Company / 公司`, `Company 公司`. */
function readParts(name: string): InputField | undefined {
  const plain = name.normalize('NFKC');
  const inside = [...plain.matchAll(IN_BRACKETS)].map(([, text = '']) => text);
  return onlyOne([plain.replace(IN_BRACKETS, ' '), ...inside].map(readWhole));
}

const IN_BRACKETS = /[([【]([^()[\]【】]*)[)\]】]/g;

function readWhole(text: string): InputField | undefined {
  const han = text.replace(/[^\p{Script=Han}]+/gu, '');
  const others = text.replace(/\p{Script=Han}+/gu, ' ');
  return fieldNamed(text) ?? sameForAll(text.split(/[/|\r\n]/)) ?? sameForAll([han, others]);
}

/** A part that means nothing to us may change what the others mean: `公司 No.` is no name. */
function sameForAll(parts: string[]): InputField | undefined {
  const fields = parts.map(fieldNamed);
  return fields.includes(undefined) ? undefined : onlyOne(fields);
}

function onlyOne(fields: (InputField | undefined)[]): InputField | undefined {
  const [field, ...others] = new Set(fields.filter((one) => one !== undefined));
  return others.length === 0 ? field : undefined;
}

/** `企业名称 -> CustName` for each field that is not called as the API calls it. */
export function renderMatch({ names, found }: Pick<HeaderMatch, 'names' | 'found'>): string[] {
  return INPUT_FIELDS.flatMap((field) => {
    const name = names[found[field] ?? -1];
    return name === undefined || keyOf(name) === keyOf(field) ? [] : [`${shown(name)} -> ${field}`];
  });
}
