/** Customers, and the files that name them: a CSV file and an agreement for each. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { INPUT_FIELDS, type InputField } from '../../src/customer/fields.ts';
import { makePdf } from './pdf.ts';
import type { World } from './world.ts';

export type CustomerRow = Partial<Record<InputField, string>> & Record<string, string>;

export function makeCustomer(number: number, changes: CustomerRow = {}): CustomerRow {
  return {
    CustSpaceId: `C${100_000 + number}`,
    CustName: `示例公司 ${number} & Söhne`,
    OfficeAddress: `${number} Main St, 杭州`,
    ContactMail: `person${number}@customer.example`,
    CountryId: 'SG',
    BusinessDesc: 'Order updates',
    IsvTerms: `agreement-${number}.pdf`,
    ...changes,
  };
}

export function makeCustomers(count: number, changes: CustomerRow = {}): CustomerRow[] {
  return Array.from({ length: count }, (_, index) => makeCustomer(index + 1, changes));
}

/** Writes a CSV file and the agreements that its rows name; returns the path of the file. */
export async function writeInput(
  world: Pick<World, 'folder' | 'agreements'>,
  rows: readonly CustomerRow[],
  name = 'customers.csv',
): Promise<string> {
  const path = join(world.folder, name);
  const extra = Object.keys(rows[0] ?? {}).filter(
    (column) => !INPUT_FIELDS.some((field) => field === column),
  );
  await writeFile(path, stringify([...rows], { header: true, columns: [...INPUT_FIELDS, ...extra] }));
  for (const { IsvTerms = '', CustSpaceId = '' } of rows)
    if (/^[\w.-]+\.pdf$/.test(IsvTerms))
      await writeFile(join(world.agreements, IsvTerms), makePdf(['Agreement', CustSpaceId]));
  return path;
}
