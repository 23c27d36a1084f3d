/** Bodies of uploads, for the document: they are read part by part, so nothing checks them as a whole. */
import { z } from 'zod';

const file = z.string().meta({ format: 'binary' });

export const batchUpload = z
  .object({
    customers: file.describe('The file of customers: CSV, NDJSON or XLSX.'),
    agreements: z.array(file).optional().describe('Signed agreements (PDF), or zips of them.'),
    options: z.string().optional().describe('JSON; see BatchOptions.'),
  })
  .meta({ id: 'BatchUpload' });

export const agreementsUpload = z
  .object({ agreements: z.array(file).describe('Signed agreements (PDF), or zips of them.') })
  .meta({ id: 'AgreementsUpload' });

export const customerUpload = z
  .object({
    customer: z.string().describe('JSON with the six fields of one customer.'),
    agreement: file.describe('The signed agreement (PDF); its name becomes IsvTerms.'),
    account: z.string().optional(),
    source: z.string().optional().describe('Who or what it comes from; by default the user.'),
  })
  .meta({ id: 'CustomerUpload' });
