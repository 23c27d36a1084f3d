/** Workbooks written by hand, down to the last tag, and read as an import reads them. */
import { Readable } from 'node:stream';
import { countColumns } from '../../src/customer/count-columns.ts';
import { INPUT_FIELDS } from '../../src/customer/fields.ts';
import { openSource, type SourceOptions } from '../../src/source/open-source.ts';
import type { SourceRow } from '../../src/source/row.ts';
import { makeZip, type ZipPart } from './zip.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export interface SheetXml {
  name: string;
  state?: string;
  /** What is in `sheetData`. */
  rows: string;
  before?: string;
  after?: string;
  /** What the archive says of its size, if that is not true. */
  size?: number;
}

export interface WorkbookXml {
  sheets: SheetXml[];
  /** Each `<si>`. */
  texts?: string;
  /** Of each cell style. */
  formats?: string[];
  workbookPr?: string;
  more?: ZipPart[];
}

export const textCell = (text: string, attributes = '') =>
  `<c t="inlineStr" ${attributes}><is><t>${text}</t></is></c>`;
export const rowXml = (cells: string, attributes = '') => `<row ${attributes}>${cells}</row>`;
export const HEADER_XML = rowXml(INPUT_FIELDS.map((field) => textCell(field)).join(''));
/** A good customer, but for its id. */
export const customerXml = (idCell: string, attributes = '') =>
  rowXml(
    idCell +
      ['Acme', '1 Road', 'a@customer.example', 'SG', 'Orders', 'a.pdf']
        .map((text) => textCell(text))
        .join(''),
    attributes,
  );

export function makeWorkbook({
  sheets,
  texts,
  formats = [],
  workbookPr = '',
  more = [],
}: WorkbookXml): Buffer {
  const list = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${name}" sheetId="${index + 1}" ${state ? `state="${state}"` : ''} r:id="rId${index}"/>`,
  );
  const relations = sheets.map((_, index) =>
    relation(`rId${index}`, 'worksheet', `worksheets/sheet${index}.xml`),
  );
  const codes = formats.map((code, index) => `<numFmt numFmtId="${170 + index}" formatCode="${code}"/>`);
  const styles = formats.map((_, index) => `<xf numFmtId="${170 + index}"/>`);
  return makeZip([
    { name: '[Content_Types].xml', content: contentTypes(sheets.length) },
    { name: '_rels/.rels', content: relationsXml([relation('rId1', 'officeDocument', 'xl/workbook.xml')]) },
    {
      name: 'xl/workbook.xml',
      content: `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}">${workbookPr}<sheets>${list.join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: relationsXml([
        ...relations,
        relation('rIdT', 'sharedStrings', '/xl/sharedStrings.xml'),
        relation('rIdS', 'styles', 'styles.xml'),
      ]),
    },
    { name: 'xl/sharedStrings.xml', content: `<sst xmlns="${MAIN}">${texts ?? ''}</sst>` },
    {
      name: 'xl/styles.xml',
      content: `<styleSheet xmlns="${MAIN}"><numFmts>${codes.join('')}</numFmts><fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>${styles.join('')}</cellXfs></styleSheet>`,
    },
    ...sheets.map(({ rows, before = '', after = '', size }, index) => ({
      ...(size !== undefined && { size }),
      name: `xl/worksheets/sheet${index}.xml`,
      content: `<worksheet xmlns="${MAIN}">${before}<sheetData>${rows}</sheetData>${after}</worksheet>`,
    })),
    ...more,
  ]);
}

/** We do without it; other readers do not. */
function contentTypes(sheets: number): string {
  const type = (part: string, kind: string) =>
    `<Override PartName="/xl/${part}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
  const parts = Array.from({ length: sheets }, (_, index) => type(`worksheets/sheet${index}`, 'worksheet'));
  parts.push(
    type('workbook', 'sheet.main'),
    type('sharedStrings', 'sharedStrings'),
    type('styles', 'styles'),
  );
  return `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${parts.join('')}</Types>`;
}

const relation = (id: string, kind: string, target: string) =>
  `<Relationship Id="${id}" Type="${RELATIONS}/${kind}" Target="${target}"/>`;
const relationsXml = (relations: string[]) =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations.join('')}</Relationships>`;

export interface ReadBytes {
  rows: SourceRow[];
  notes: string[];
}

/** Reads bytes as an import reads its standard input. */
export async function readBytes(bytes: Buffer, options: Partial<SourceOptions> = {}): Promise<ReadBytes> {
  const notes: string[] = [];
  const onNote = (note: string) => void notes.push(note);
  const stream = Readable.from([bytes], { objectMode: false });
  const all = { encoding: 'utf-8', delimiter: ',', countColumns, onNote, onRemark: onNote, ...options };
  const rows: SourceRow[] = [];
  for await (const row of openSource({ stream }, all)) rows.push(row);
  return { rows, notes };
}

/** One sheet with nothing but these rows. */
export const readSheet = (rows: string, more: Partial<WorkbookXml> = {}) =>
  readBytes(makeWorkbook({ sheets: [{ name: 'S', rows }], ...more }));
