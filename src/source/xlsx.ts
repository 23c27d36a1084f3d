/**
 * Reads one sheet of an XLSX or XLSM workbook, row by row: memory grows with its list of texts, which is bounded, and not
 * with the sheet.
 */
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { AppError } from '../errors.ts';
import { plural } from '../text.ts';
import type { SourceRow } from './row.ts';
import { spoolBytes } from './spooled.ts';
import { type CellContext, columnName, toSourceRow } from './xlsx/cell-text.ts';
import { chooseSheet, listed } from './xlsx/choose-sheet.ts';
import { readNumberFormats } from './xlsx/number-formats.ts';
import { openPackage, type Package } from './xlsx/package.ts';
import { damaged, quoted, tooLarge } from './xlsx/refusals.ts';
import { readSharedStrings } from './xlsx/shared-strings.ts';
import { readSheetRows, type SheetFacts } from './xlsx/sheet-rows.ts';
import { findMainPart, readWorkbook, type Sheet, type Workbook } from './xlsx/workbook.ts';
import { openZip, type ZipArchive, ZipError } from './zip.ts';
import { nameZip } from './zip-kinds.ts';

const FILE_BYTES_MAX = 100 * 1024 * 1024;
const ENTRIES_MAX = 10_000;
/** Of all cells that refer to the list of texts, in characters: one text can stand in millions of them. */
const SHARED_LENGTH_MAX = 500_000_000;
/** A header stands no lower. */
const HEADER_ROWS = 10;

export interface XlsxOptions {
  /** Name of the sheet to read; by default the first visible one with the most of our columns. */
  sheet?: string | undefined;
  /** How many of our columns a row names. */
  countColumns?: ((cells: readonly string[]) => number) | undefined;
  /** Told, before the first row, which of several sheets is read. */
  onNote?: ((note: string) => void) | undefined;
  /** Told, before the first row, what the visible sheets are called. */
  onSheets?: ((names: string[]) => void) | undefined;
  /** Told, after the last row, which hidden rows and columns were among them; a sentence. */
  onRemark?: ((remark: string) => void) | undefined;
}

/** @throws AppError INPUT_XLSX, INPUT_FORMAT */
export async function* readXlsx(input: Readable, options: XlsxOptions = {}): AsyncGenerator<SourceRow> {
  const file = await spoolBytes(input, FILE_BYTES_MAX);
  try {
    yield* readFile(file, options);
  } catch (error) {
    // Met in the middle of a part.
    throw error instanceof ZipError ? damaged('one of its parts', error) : error;
  } finally {
    await file.close();
  }
}

async function* readFile(file: FileHandle, options: XlsxOptions): AsyncGenerator<SourceRow> {
  const zip = await openZip(file, ENTRIES_MAX).catch((cause: Error) => {
    throw new AppError('INPUT_XLSX', `The file is not an XLSX workbook: ${cause.message}.`, { cause });
  });
  const parts = openPackage(zip);
  const workbook = await readWorkbook(parts, await requireMainPart(zip, parts));
  const context = await readContext(parts, workbook);
  const rowsOf = async (sheet: Sheet) => {
    const stream = await parts.open(sheet.part, `the sheet ${quoted(sheet.name)}`);
    return readSheetRows(stream, sheet.name);
  };
  const countColumns = async (sheet: Sheet) => {
    const { countColumns: count = () => 1 } = options;
    let most = 0;
    let rows = 0;
    for await (const row of (await rowsOf(sheet)).rows) {
      most = Math.max(most, count(toSourceRow(row, context)?.values ?? []));
      if (++rows === HEADER_ROWS) break;
    }
    return most;
  };
  options.onSheets?.(workbook.sheets.flatMap(({ name, isHidden }) => (isHidden ? [] : name)));
  const sheet = await chooseSheet(workbook.sheets, { name: options.sheet, countColumns });
  const others = workbook.sheets.filter((other) => other !== sheet);
  if (others.length > 0 || sheet.isHidden) options.onNote?.(describeChoice(sheet, others));
  const { rows, facts } = await rowsOf(sheet);
  const hidden = { rows: 0, width: 0 };
  for await (const raw of rows) {
    const row = toSourceRow(raw, context);
    if (row === undefined) continue;
    hidden.width = Math.max(hidden.width, row.values.length);
    if (raw.isHidden) hidden.rows++;
    yield row;
  }
  const remark = describeHidden(hidden, facts);
  if (remark !== undefined) options.onRemark?.(remark);
}

async function requireMainPart(zip: ZipArchive, parts: Package): Promise<string> {
  const main = await findMainPart(parts);
  if (main?.endsWith('.xml') && parts.has(main) && !/^(word|ppt)\//.test(main)) return main;
  throw nameZip(zip.entries.map(({ name }) => name));
}

async function readContext(
  parts: Package,
  { sharedStrings, styles, is1904 }: Workbook,
): Promise<CellContext> {
  const formats = await readNumberFormats(parts, styles);
  const texts =
    sharedStrings === undefined
      ? undefined
      : await readSharedStrings(await parts.open(sharedStrings, 'its list of texts'));
  let length = 0;
  function sharedText(index: number): string | undefined {
    const text = texts?.get(index);
    length += text?.length ?? 0;
    if (length > SHARED_LENGTH_MAX)
      throw tooLarge(`its cells repeat texts to more than ${SHARED_LENGTH_MAX} characters`);
    return text;
  }
  return { formats, is1904, sharedText };
}

function describeChoice(sheet: Sheet, others: readonly Sheet[]): string {
  const what = `read from the sheet ${listed([sheet])}`;
  return others.length === 0 ? what : `${what}, not read: ${listed(others)}`;
}

/** What a person does not see in the sheet is sent all the same, and so it is told. */
function describeHidden(
  { rows, width }: { rows: number; width: number },
  facts: SheetFacts,
): string | undefined {
  const columns = [];
  for (let column = 0; column < width; column++)
    if (facts.hiddenColumns.some(([first, last]) => column >= first && column <= last))
      columns.push(columnName(column));
  const found = [];
  if (rows > 0) found.push(plural(rows, 'hidden row') + (facts.hasFilter ? ' (the sheet is filtered)' : ''));
  if (columns.length > 0) found.push(`${plural(columns.length, 'hidden column')} (${columns.join(', ')})`);
  if (found.length === 0) return undefined;
  const isOne = found.length === 1 && rows + columns.length === 1;
  return `${found.join(' and ')} ${isOne ? 'is' : 'are'} included.`;
}
