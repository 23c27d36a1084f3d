/** How a workbook shows numbers, and whether what it shows is certain. */
import { format, isDateFormat, tokenize } from 'numfmt';
import { type Package, readList } from './package.ts';
import { tooLarge } from './refusals.ts';

const STYLES_MAX = 65_500;
const GENERAL = 'General';
/** Days between the two dates from which workbooks count. */
const DAYS_TO_1904 = 1462;

/** Formats that a file does not spell out (ECMA-376, Part 1, 18.8.30); the others are in `isDateId`. */
const BUILT_IN: Record<number, string> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  37: '#,##0 ;(#,##0)',
  38: '#,##0 ;[Red](#,##0)',
  39: '#,##0.00;(#,##0.00)',
  40: '#,##0.00;[Red](#,##0.00)',
  48: '##0.0E+0',
  49: '@',
};
/** Dates and times; how the later ones look depends on the language of Excel. */
const isDateId = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
/** Any other number between the last of these and the first that a file may define. */
const FIRST_OWN_ID = 164;
const UNKNOWN = '#,##0.00';
const builtIn = (id: number) =>
  BUILT_IN[id] ?? (isDateId(id) ? 'yyyy-mm-dd' : id === 0 || id >= FIRST_OWN_ID ? GENERAL : UNKNOWN);

/** The number format of each cell style, as Excel writes it. */
export async function readNumberFormats(parts: Package, part: string | undefined): Promise<string[]> {
  if (part === undefined) return [];
  const codes = new Map<number, string>();
  const formats: string[] = [];
  let isOfCells = false;
  await readList(parts, { part, what: 'its list of styles' }, (name, attributes) => {
    const id = Number(attributes.numFmtId ?? 0);
    if (codes.size > STYLES_MAX || formats.length > STYLES_MAX)
      throw tooLarge(`it has more than ${STYLES_MAX} styles`);
    if (name === 'numFmt') codes.set(id, attributes.formatCode ?? '');
    // Before and after the list that cells refer to stand others of the same form.
    if (name === 'cellXfs') isOfCells = true;
    if (name === 'cellStyles' || name === 'dxfs') isOfCells = false;
    if (name !== 'xf' || !isOfCells) return;
    formats.push(codes.get(id) ?? builtIn(id));
  });
  return formats;
}

/** Parts of a format that show a digit, a sign or a fixed text, the same in every language of Excel. */
const CERTAIN = new Set([
  ...['zero', 'hash', 'qmark', 'general', 'text', 'string', 'escaped', 'char', 'minus', 'plus', 'paren'],
  ...['space', 'color', 'condition', 'skip', 'break', 'slash'],
]);

/** How a format shows whole numbers; undefined if that is not certain. One format serves many cells. */
type Shower = ((number: number) => string) | undefined;

const showers = new Map<string, { isDate: boolean; show: Shower }>();

function describeFormat(code: string): { isDate: boolean; show: Shower } {
  const known = showers.get(code);
  if (known) return known;
  if (showers.size >= STYLES_MAX) showers.clear();
  const described = { isDate: isDateFormat(code), show: showerOf(code) };
  showers.set(code, described);
  return described;
}

function showerOf(code: string): Shower {
  // Excel shows a number of twelve digits as 1.23E+11 where the column is narrow; all its digits are in the cell.
  if (code === GENERAL || code === '@' || code === '0') return String;
  try {
    if (!tokenize(code).every(({ type }) => CERTAIN.has(type))) return undefined;
    return (number) => format(code, number);
  } catch {
    return undefined;
  }
}

/** @returns the date as ISO 8601, if a format shows numbers as dates or times */
export function dateOf(code: string, number: number, is1904: boolean): string | undefined {
  if (!describeFormat(code).isDate) return undefined;
  const days = is1904 ? number + DAYS_TO_1904 : number;
  return format(Number.isInteger(days) ? 'yyyy-mm-dd' : 'yyyy-mm-dd hh:mm:ss', days);
}

/**
 * A whole number as a format shows it.
 * @returns undefined if what is shown is not certain, or does not end with all the digits that the cell holds
 */
export function shownAs(code: string, number: number): string | undefined {
  const shown = describeFormat(code).show?.(number);
  const digits = String(Math.abs(number));
  return shown?.replace(/\D/g, '').endsWith(digits) ? shown : undefined;
}
