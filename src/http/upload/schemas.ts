/** Bodies of uploads, for the document: they are read part by part, so nothing checks them as a whole. */
import { z } from 'zod';
import { type CUSTOMER_FIELDS, INPUT_FIELDS } from '../../customer/fields.ts';

const file = z.string().meta({ format: 'binary' });
const PDF = '(bytes of a PDF)';

const CUSTOMER = {
  CustSpaceId: 'C100001',
  CustName: 'Example Trading Pte. Ltd.',
  OfficeAddress: '1 Main Street, Singapore',
  ContactMail: 'person@customer.example',
  CountryId: 'SG',
  BusinessDesc: 'Order updates',
} satisfies Record<(typeof CUSTOMER_FIELDS)[number], string>;

export const draftUpload = z
  .object({
    customers: file.describe('The file of customers: CSV, NDJSON or XLSX.'),
    agreements: z.array(file).optional().describe('Signed agreements (PDF), or zips of them.'),
    options: z.string().optional().describe('JSON, as on the command line.'),
  })
  .meta({
    id: 'BatchUpload',
    description: 'Parts of a form.',
    examples: [{ customers: '(bytes of a file)', agreements: [PDF], options: '{"name":"January sign-ups"}' }],
  });

const row = z.looseObject(Object.fromEntries(INPUT_FIELDS.map((field) => [field, z.string()])));

/** The types of `plain.ts` take the file as it is, with options in the query; JSON has the options beside `customers`. */
export const batchUpload = z
  .looseObject({
    customers: z.union([file, z.array(row)]),
    agreements: z.array(file).optional(),
    options: z.string().optional().describe('JSON; of a body that is JSON, they stand beside `customers`.'),
  })
  .meta({
    id: 'BatchBody',
    description: 'A form with the files; or the file of customers alone, or customers as JSON.',
    examples: [
      { customers: '(bytes of a file)', agreements: [PDF], options: '{"name":"January sign-ups"}' },
      { name: 'January sign-ups', customers: [{ ...CUSTOMER, IsvTerms: 'a.pdf' }] },
    ],
  });

export const agreementsUpload = z
  .object({ agreements: z.array(file).describe('Signed agreements (PDF), or zips of them.') })
  .meta({ id: 'AgreementsUpload', examples: [{ agreements: [PDF] }] });

export const customerUpload = z
  .object({
    customer: z.string().describe('JSON with the six fields of one customer.'),
    agreement: file.describe('The signed agreement (PDF); its name becomes IsvTerms.'),
    account: z.string().optional(),
    source: z.string().optional().describe('Who or what it comes from; by default the user.'),
  })
  .meta({
    id: 'CustomerUpload',
    examples: [{ customer: JSON.stringify(CUSTOMER), agreement: PDF, source: 'portal' }],
  });
