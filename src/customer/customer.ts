/** The customer: the fields of `SubmitIsvCustomerTerms`, their rules, and the identity of what is submitted. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ErrorCode } from '../errors.ts';
import { countryProblem } from './country.ts';

/** Input fields, named as the API names them. `IsvTerms` is the agreement's file name in the input. */
const CUSTOMER_FIELDS = [
  'CustSpaceId',
  'CustName',
  'OfficeAddress',
  'ContactMail',
  'CountryId',
  'BusinessDesc',
] as const;
export const INPUT_FIELDS = [...CUSTOMER_FIELDS, 'IsvTerms'] as const;
export type InputField = (typeof INPUT_FIELDS)[number];

/** Longest value of each field, in characters. The API publishes none; these keep a request within reason. */
const FIELD_LENGTH_MAX: Record<InputField, number> = {
  CustSpaceId: 64,
  CustName: 200,
  OfficeAddress: 500,
  ContactMail: 254,
  CountryId: 2,
  BusinessDesc: 1000,
  IsvTerms: 255,
};

/** Everything travels in the URL; gateways refuse longer ones without saying why. In bytes, encoded. */
export const REQUEST_BYTES_MAX = 6 * 1024;

const LINE_BREAKS = /[\r\n\u2028\u2029]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose.
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u2060\ufeff]/;

/** The quote that result files put before `=`, `+`, `-` and `@`, so that a spreadsheet does not take them for formulas. */
const FORMULA_QUOTE = /^'(?=[=+\-@])/;

/** What spreadsheets and people leave around a value, undone: line breaks become spaces, accents one form. */
function normaliseText(value: string): string {
  return value
    .replace(LINE_BREAKS, ' ')
    .replace(/\t/g, ' ')
    .trim()
    .replace(FORMULA_QUOTE, '')
    .normalize('NFC');
}

const problem = (code: ErrorCode, message: string) => ({ message, params: { code } });

function text(field: InputField) {
  const max = FIELD_LENGTH_MAX[field];
  return z
    .string()
    .transform(normaliseText)
    .superRefine((value, context) => {
      if (value === '') context.addIssue({ code: 'custom', ...problem('REQUIRED', 'is empty') });
      else if (CONTROL_CHARACTERS.test(value))
        context.addIssue({
          code: 'custom',
          ...problem('CONTROL_CHARACTER', 'has an invisible control character'),
        });
      else if (value.length > max)
        context.addIssue({
          code: 'custom',
          ...problem('TOO_LONG', `has ${value.length} characters, ${max} at most`),
        });
    });
}

const emailFormat = z.email();

/** One row of input as a customer plus the name of its agreement file. */
export const customerInputSchema = z.object({
  CustSpaceId: text('CustSpaceId').refine(
    (id) => id === '' || id.length > FIELD_LENGTH_MAX.CustSpaceId || /^[A-Za-z0-9_-]+$/.test(id),
    problem('ID_INVALID', 'may have only letters, digits, "-" and "_"'),
  ),
  CustName: text('CustName'),
  OfficeAddress: text('OfficeAddress'),
  ContactMail: text('ContactMail').refine(
    (mail) => mail === '' || emailFormat.safeParse(mail).success,
    problem('EMAIL_INVALID', 'is not an e-mail address'),
  ),
  CountryId: z
    .string()
    .transform((value) => normaliseText(value).toUpperCase())
    .superRefine((value, context) => {
      const found = countryProblem(value);
      if (found) context.addIssue({ code: 'custom', ...problem(found.code, found.message) });
    }),
  BusinessDesc: text('BusinessDesc'),
  IsvTerms: text('IsvTerms'),
});

export type CustomerInput = z.output<typeof customerInputSchema>;
export type Customer = Omit<CustomerInput, 'IsvTerms'>;

/**
 * Identity of *what* is submitted: SHA-256 over the fields and the agreement's SHA-256, base64url, 43 characters.
 * Length-prefixed by JSON, so that no two different customers share a text.
 */
export function fingerprintOf(customer: Customer, agreementSha256: string): string {
  const parts = [...CUSTOMER_FIELDS.map((field) => customer[field]), agreementSha256];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** Bytes that the fields take in the URL, names included. */
export function encodedRequestBytes(customer: Customer): number {
  return CUSTOMER_FIELDS.reduce(
    (sum, field) => sum + field.length + encodeURIComponent(customer[field].toWellFormed()).length + 2,
    0,
  );
}
