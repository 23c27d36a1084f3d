/** Why a workbook as a whole is refused, in one line each. */
import { AppError } from '../../errors.ts';

/** As much of a name from the file as a message shows, in characters. */
const NAME_LENGTH_SHOWN_MAX = 40;

/** @param what the part, as `its list of sheets` */
export function damaged(what: string, cause?: unknown): AppError {
  return new AppError('INPUT_XLSX', `The workbook is damaged: ${what} cannot be read.`, {
    hint: 'Open it in Excel or LibreOffice, save it as .xlsx and import that file.',
    cause,
  });
}

/** @param what is too large, as `it has more than 5 rows` */
export function tooLarge(what: string): AppError {
  return new AppError('INPUT_XLSX', `The workbook is too large: ${what}.`, {
    hint: 'Delete what does not belong to the table, or save the sheet as CSV UTF-8, which has no such limit.',
  });
}

/** A name from the file, as a message shows it. */
export const quoted = (name: string) => `"${name.slice(0, NAME_LENGTH_SHOWN_MAX)}"`;
