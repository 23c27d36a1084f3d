/**
 * Rows of text into an XLSX file, in a stream. Every cell is text and stays text when it is edited in Excel, so ids keep
 * their zeros and nothing runs as a formula. The header stays in view.
 */
import { Duplex, Transform } from 'node:stream';
import { ZipFile } from 'yazl';
import { AppError } from '../errors.ts';
import { keepQuotes } from '../source/formula-quote.ts';

/** What a sheet of Excel holds, the header included. */
const ROWS_MAX = 1_048_576;
/** Of one cell, in characters. */
const CELL_LENGTH_MAX = 32_767;
const COLUMNS_MAX = 16_384;
const USE_CSV = 'Use --format csv, which has no such limit.';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

const relation = (id: number, kind: string, target: string) =>
  `<Relationship Id="rId${id}" Type="${RELATIONS}/${kind}" Target="${target}"/>`;

/** Number format 49 is text, and style 1 of the cells; style 2, of the header, is bold, too. */
const PARTS: Record<string, string> = {
  '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships">${relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="Customers" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships">${relation(1, 'worksheet', 'worksheets/sheet1.xml')}${relation(2, 'styles', 'styles.xml')}</Relationships>`,
  'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
};

/** The header is frozen; a column is text down to its end, for what a person types below. */
const sheetStart = (columns: number) =>
  `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="${columns}" width="20" style="1" customWidth="1"/></cols><sheetData>`;
const SHEET_END = '</sheetData></worksheet>';

/**
 * Takes rows (arrays of text), gives the bytes of a workbook.
 * The stream fails with AppError OUTPUT_UNWRITABLE if there is more than a sheet can hold.
 */
export function xlsxTable(columns: readonly string[]): Duplex {
  let line = 0;
  const render = (values: readonly string[], style: number) => renderRow(values, ++line, style);
  const sheet = new Transform({
    writableObjectMode: true,
    transform(values: string[], _encoding, done) {
      attempt(() => render(values, 1), done);
    },
    flush: (done) => done(null, SHEET_END),
  });
  const table = Duplex.from({ writable: sheet, readable: zipped(sheet) });
  if (columns.length > COLUMNS_MAX) table.destroy(tooLarge(`more than ${COLUMNS_MAX} columns`));
  else
    attempt(
      () => sheetStart(columns.length || 1) + render(columns, 2),
      (error, start) => {
        if (error) table.destroy(error);
        else sheet.push(start);
      },
    );
  return table;
}

function zipped(sheet: Transform): NodeJS.ReadableStream {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(PARTS)) zip.addBuffer(Buffer.from(XML + content), name);
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml');
  zip.end();
  // What goes wrong with the sheet ends the stream that rows are written to; here nobody listens.
  zip.on('error', () => undefined);
  return zip.outputStream;
}

function attempt(make: () => string, done: (error: Error | null, text?: string) => void): void {
  let text: string;
  try {
    text = make();
  } catch (error) {
    done(error as Error);
    return;
  }
  done(null, text);
}

function renderRow(values: readonly string[], line: number, style: number): string {
  if (line > ROWS_MAX) throw tooLarge(`more than ${ROWS_MAX - 1} rows`);
  return `<row r="${line}">${values.map((value) => renderCell(value, line, style)).join('')}</row>`;
}

/** Cells without a name follow each other, as they do here. */
function renderCell(value: string, line: number, style: number): string {
  if (value.length > CELL_LENGTH_MAX)
    throw tooLarge(
      `a cell with ${value.length} characters in row ${line}, and Excel allows ${CELL_LENGTH_MAX}`,
    );
  if (value === '') return `<c s="${style}"/>`;
  return `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeText(keepQuotes(value))}</t></is></c>`;
}

function tooLarge(what: string): AppError {
  return new AppError('OUTPUT_UNWRITABLE', `A sheet cannot hold all of it: there is ${what}.`, {
    hint: USE_CSV,
  });
}

const MAY_NEED_ESCAPES = /[&<>_\p{Cc}\p{Cs}\ufffe\uffff]/u;
/** Control characters but for tab and line feed (`\r` is written as an entity), halves of a character, and two others. */
const NOT_IN_XML = /(?![\t\n\u007f-\u009f])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/**
 * XML, in which Excel writes characters that XML cannot hold as `_x0001_` (ECMA-376, Part 1, 22.9.2.19); a text that only
 * looks so has its first `_` written that way.
 */
function escapeText(text: string): string {
  if (!MAY_NEED_ESCAPES.test(text)) return text;
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[&<>\r]/g, (character) => ENTITIES[character] ?? '')
    .replace(NOT_IN_XML, (character) => {
      const code = character.charCodeAt(0).toString(16).toUpperCase();
      return `_x${code.padStart(4, '0')}_`;
    });
}
