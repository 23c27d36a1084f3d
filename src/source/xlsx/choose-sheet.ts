/** Which sheet of a workbook is read: the one that has our columns, and never a hidden one that nobody asked for. */
import { AppError } from '../../errors.ts';
import { quoted, tooLarge } from './refusals.ts';
import type { Sheet } from './workbook.ts';

/** So many sheets are looked into; in a workbook with more, a person names one. */
const SHEETS_LOOKED_INTO_MAX = 50;
const SHEETS_SHOWN_MAX = 10;

export interface SheetWish {
  /** The name that a person gave. */
  name: string | undefined;
  /** How many of our columns a sheet seems to have. */
  countColumns: (sheet: Sheet) => Promise<number>;
}

/** @throws AppError INPUT_XLSX that names the sheets */
export async function chooseSheet(sheets: readonly Sheet[], wish: SheetWish): Promise<Sheet> {
  if (sheets.length === 0) throw new AppError('INPUT_XLSX', 'The workbook has no sheet with rows.');
  if (wish.name !== undefined) return findNamed(sheets, wish.name);
  const visible = sheets.filter(({ isHidden }) => !isHidden);
  if (visible.length > SHEETS_LOOKED_INTO_MAX)
    throw tooLarge(`it has ${visible.length} sheets; name the one to read: --sheet NAME`);
  const best = await findBest(visible, wish.countColumns);
  if (best !== undefined) return best;
  // The only one there is to see: what is wrong with it is said when it is read.
  const [only, ...others] = visible;
  if (only !== undefined && others.length === 0 && sheets.length === 1) return only;
  const message = `No visible sheet has the columns of customers: ${listed(sheets)}.`;
  throw new AppError('INPUT_XLSX', message, {
    hint: 'Name the sheet to read: --sheet NAME. `onboard template` prints the columns.',
  });
}

function findNamed(sheets: readonly Sheet[], name: string): Sheet {
  const key = (text: string) => text.normalize('NFC').trim().toLowerCase();
  const found = sheets.find((sheet) => key(sheet.name) === key(name));
  if (found) return found;
  throw new AppError('INPUT_XLSX', `There is no sheet ${quoted(name)}; there are: ${listed(sheets)}.`, {
    hint: 'Name one of these: --sheet NAME.',
  });
}

async function findBest(
  sheets: readonly Sheet[],
  countColumns: SheetWish['countColumns'],
): Promise<Sheet | undefined> {
  let best: { sheet: Sheet; count: number } | undefined;
  for (const sheet of sheets) {
    const count = await countColumns(sheet);
    if (count > (best?.count ?? 0)) best = { sheet, count };
  }
  return best?.sheet;
}

/** Names of sheets, in one line. */
export function listed(sheets: readonly Sheet[]): string {
  const names = sheets
    .slice(0, SHEETS_SHOWN_MAX)
    .map(({ name, isHidden }) => quoted(name) + (isHidden ? ' (hidden)' : ''));
  if (sheets.length > SHEETS_SHOWN_MAX) names.push(`${sheets.length - SHEETS_SHOWN_MAX} more`);
  return names.join(', ');
}
