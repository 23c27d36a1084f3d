/** The table of contents of a workbook: its sheets and its lists. */
import { type Package, readList, readRelations } from './package.ts';
import { tooLarge } from './refusals.ts';

const SHEETS_MAX = 1000;

export interface Sheet {
  name: string;
  isHidden: boolean;
  /** Its part in the package. */
  part: string;
}

export interface Workbook {
  sheets: Sheet[];
  /** Days count from 1904, as they did in Excel for the Mac. */
  is1904: boolean;
  sharedStrings: string | undefined;
  styles: string | undefined;
}

export const isTrue = (value: string | undefined) => value === '1' || value === 'true';

/** The part where a package begins; undefined if it names none. */
export async function findMainPart(parts: Package): Promise<string | undefined> {
  const main = (await readRelations(parts, '')).find(({ kind }) => kind === 'officeDocument');
  return main?.part ?? ['xl/workbook.xml', 'xl/workbook.bin'].find((part) => parts.has(part));
}

export async function readWorkbook(parts: Package, main: string): Promise<Workbook> {
  const relations = await readRelations(parts, main);
  const sheets: Sheet[] = [];
  let is1904 = false;
  await readList(parts, { part: main, what: 'its list of sheets' }, (name, attributes) => {
    if (name === 'workbookPr') is1904 = isTrue(attributes.date1904);
    if (name !== 'sheet') return;
    const [, id] = Object.entries(attributes).find(([key]) => key.endsWith(':id')) ?? [];
    const relation = relations.find((candidate) => candidate.id === id);
    // A chart on a sheet of its own has no rows.
    if (relation?.kind !== 'worksheet') return;
    if (sheets.length >= SHEETS_MAX) throw tooLarge(`it has more than ${SHEETS_MAX} sheets`);
    const isHidden = (attributes.state ?? 'visible') !== 'visible';
    sheets.push({ name: attributes.name ?? '', isHidden, part: relation.part });
  });
  const partOf = (wanted: string) => relations.find(({ kind }) => kind === wanted)?.part;
  return { sheets, is1904, sharedStrings: partOf('sharedStrings'), styles: partOf('styles') };
}
