/** Bodies of uploads, for the document: they are read part by part, so nothing checks them as a whole. */
import { z } from 'zod';
import { type CUSTOMER_FIELDS, INPUT_FIELDS } from '../../customer/fields.ts';
import { optionsShape } from './options.ts';

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

const parts = z
  .object({
    customers: file.describe('The file of customers: CSV, NDJSON or XLSX.'),
    agreements: z.array(file).optional().describe('Signed agreements (PDF), or zips of them.'),
    options: z.string().optional().describe('JSON with the options of BatchRows.'),
  })
  .meta({
    id: 'BatchUpload',
    description: 'Parts of a form.',
    examples: [{ customers: '(bytes of a file)', agreements: [PDF], options: '{"name":"January sign-ups"}' }],
  });

export { parts as draftUpload };

const rows = z
  .object({
    customers: z.array(z.record(z.enum(INPUT_FIELDS), z.string())),
    ...optionsShape,
  })
  .partial({ customers: true })
  .meta({
    id: 'BatchRows',
    description: 'As JSON: customers whose agreements are not sent along, and options.',
    examples: [{ name: 'January sign-ups', customers: [{ ...CUSTOMER, IsvTerms: 'a.pdf' }] }],
  });

/** The types of `plain.ts` take the file as it is, with options in the query. */
export const batchUpload = z.union([parts, rows, z.string().describe('The file of customers itself.')]).meta({
  id: 'BatchBody',
  description: 'A form with the files; or the file of customers alone, or as JSON.',
  examples: [{ customers: '(bytes of a file)', agreements: [PDF] }],
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
