/** Rows above the header: titles and remarks, but never customers. Pure. */
import { AppError } from '../errors.ts';
import type { SourceRow } from '../source/row.ts';
import { type Columns, pickFields } from './columns.ts';
import { type CustomerInput, INPUT_FIELDS } from './fields.ts';

/** So many of the seven cells are filled in a row that is no title. */
const FILLED_MIN = 4;

/**
 * What stands above the header is not read. Customers get there when a table is sorted together with its header, or when
 * files are joined whose headers differ: they would be lost unnoticed.
 * @throws AppError INPUT_HEADER with the line of the first customer
 */
export function refuseCustomersAbove(
  columns: Columns,
  above: readonly SourceRow[],
  headerLine: number,
): void {
  const lost = above.find((row) => looksLikeCustomer(pickFields(columns, row.values)));
  if (lost === undefined) return;
  const message = `Line ${lost.line} looks like a customer, but the header is below it, on line ${headerLine}.`;
  throw new AppError('INPUT_HEADER', message, {
    hint: `Move the header to the top. If nothing above it is to be read, give --header-row ${headerLine}.`,
  });
}

function looksLikeCustomer(cells: CustomerInput): boolean {
  const [mail, country, file] = [cells.ContactMail, cells.CountryId, cells.IsvTerms].map((cell) =>
    cell.normalize('NFKC').trim(),
  ) as [string, string, string];
  const signs = [/\S@\S/.test(mail), /^[a-z]{2}$/i.test(country), /\.pdf$/i.test(file)].filter(
    Boolean,
  ).length;
  const filled = INPUT_FIELDS.filter((field) => cells[field].trim() !== '').length;
  return signs > 1 || (signs > 0 && filled >= FILLED_MIN);
}
