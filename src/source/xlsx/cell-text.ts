/** What a cell says as text, and why that is not certain where it is not. Pure. */
import type { RefusedCell, SourceRow } from '../row.ts';
import { dateOf, shownAs } from './number-formats.ts';
import { decodeEscapes } from './rich-text.ts';

/** Cells further to the right are of no table that can be read here. */
const COLUMNS_READ_MAX = 256;
/** Excel allows no more, in characters. */
const CELL_LENGTH_MAX = 32_767;
/** In characters. */
const ROW_LENGTH_MAX = 64 * 1024;
/** Excel keeps no more digits of a number. */
const DIGITS_MAX = 15;
const LENGTH_SHOWN_MAX = 40;

/** A cell as it is in the sheet. */
export interface RawCell {
  /** From 0. */
  column: number;
  /** `s`, `n`, `b` …; a number if it is absent. */
  type: string | undefined;
  style: number;
  isFormula: boolean;
  /** What is in `v`; undefined if there is none. */
  value: string | undefined;
  /** What is in `is`. */
  inline: string | undefined;
  /** It stands after a cell of the same column, or of one further to the right. */
  isMisplaced: boolean;
}

export interface RawRow {
  line: number;
  isHidden: boolean;
  cells: RawCell[];
}

/** What cells refer to. */
export interface CellContext {
  sharedText(index: number): string | undefined;
  formats: readonly string[];
  is1904: boolean;
}

interface Read {
  text: string;
  /** Why the text is not certain. */
  why?: string;
}

/** `A`, `B`, … `AA`: the column as spreadsheets name it, from 0. */
export function columnName(column: number): string {
  const rest = Math.floor(column / 26);
  return (rest > 0 ? columnName(rest - 1) : '') + String.fromCharCode(65 + (column % 26));
}

/** @returns undefined if every cell is empty */
export function toSourceRow({ line, cells }: RawRow, context: CellContext): SourceRow | undefined {
  const values: string[] = [];
  const refused: RefusedCell[] = [];
  let length = 0;
  for (const cell of cells) {
    const { text, why } = bounded(cell, readCell(cell, context), length);
    const { column } = cell;
    length += text.length;
    if (why !== undefined && refused.length < COLUMNS_READ_MAX)
      refused.push({ index: column, cell: columnName(column) + line, why });
    if (text === '') continue;
    while (values.length < column) values.push('');
    values[column] = text;
  }
  if (values.length === 0 && refused.length === 0) return undefined;
  return { line, values, ...(refused.length > 0 ? { refused } : {}) };
}

/** A file of a few kilobytes can refer to one long text in millions of cells. @param length of the row so far */
function bounded({ column, isMisplaced }: RawCell, read: Read, length: number): Read {
  if (isMisplaced) return { text: '', why: 'is in the file twice, or out of order' };
  if (column >= COLUMNS_READ_MAX && read.text !== '')
    return { text: '', why: 'is far to the right of the table' };
  if (read.text.length > CELL_LENGTH_MAX)
    return { text: '', why: `holds more than ${CELL_LENGTH_MAX} characters` };
  if (length + read.text.length > ROW_LENGTH_MAX)
    return { text: '', why: `makes the row longer than ${ROW_LENGTH_MAX} characters` };
  return read;
}

function readCell(cell: RawCell, context: CellContext): Read {
  const { type, value, inline } = cell;
  if (type === 'inlineStr' || (value === undefined && inline !== undefined))
    return { text: inline ?? decodeEscapes(value ?? '') };
  if (type === 'str' && value !== undefined) return { text: decodeEscapes(value) };
  const trimmed = value?.trim() ?? '';
  if (trimmed === '')
    return cell.isFormula ? { text: '', why: 'has a formula whose result is not in the file' } : { text: '' };
  if (type === 's') return readShared(trimmed, context);
  if (type === 'b') return readTruth(trimmed);
  if (type === 'e') return refuse(trimmed, 'the error %, not text');
  if (type === 'd') return refuse(trimmed, 'a date (%), not text');
  if (type === undefined || type === 'n') return readNumber(trimmed, cell.style, context);
  return refuse(trimmed, 'something of an unknown kind (%)');
}

function readShared(index: string, { sharedText }: CellContext): Read {
  const text = /^\d+$/.test(index) ? sharedText(Number(index)) : undefined;
  return text === undefined ? { text: '', why: 'refers to a text that is not in the file' } : { text };
}

const readTruth = (value: string) =>
  refuse(value === '1' || value === 'true' ? 'TRUE' : 'FALSE', '%, which is a truth value and not text');

function readNumber(value: string, style: number, { formats, is1904 }: CellContext): Read {
  const number = Number(value);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) || !Number.isFinite(number))
    return refuse(value, 'a number that is none (%)');
  const code = formats[style] ?? 'General';
  const date = dateOf(code, number, is1904);
  if (date !== undefined) return refuse(date, 'a date (%), not text');
  if (Math.abs(number) >= 10 ** DIGITS_MAX)
    return refuse(inFull(number), `the number %; of its digits Excel kept only the first ${DIGITS_MAX}`);
  if (!Number.isInteger(number)) return refuse(value, 'a number with decimals (%), not text');
  const shown = shownAs(code, number);
  return shown === undefined
    ? refuse(String(number), `the number %, shown in the format ${code.slice(0, LENGTH_SHOWN_MAX)}`)
    : { text: shown };
}

/** Without an exponent, as the person once typed it. */
const inFull = (number: number) => (Math.abs(number) < 1e30 ? BigInt(number).toString() : String(number));

/** @param why with `%` for the value */
const refuse = (text: string, why: string): Read => ({
  text,
  why: `holds ${why.replace('%', () => text.slice(0, LENGTH_SHOWN_MAX))}`,
});
