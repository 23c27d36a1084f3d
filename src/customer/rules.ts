/** What the fields of a customer may hold. Pure. */
import { z } from 'zod';
import type { ErrorCode } from '../error-codes.ts';
import { type Columns, pickFields } from './columns.ts';
import { countryProblem } from './country.ts';
import {
  CUSTOMER_FIELDS,
  type Customer,
  type CustomerInput,
  INPUT_FIELDS,
  type InputField,
} from './fields.ts';

/** Longest value of each field, in characters. The API publishes none; these keep a request within reason. */
const FIELD_LENGTH_MAX: Record<Exclude<InputField, 'CountryId'>, number> = {
  CustSpaceId: 64,
  CustName: 200,
  OfficeAddress: 500,
  ContactMail: 254,
  BusinessDesc: 1000,
  IsvTerms: 255,
};

/** In bytes, encoded. Everything travels in the URL, and gateways refuse longer ones without saying why. */
export const REQUEST_BYTES_MAX = 6 * 1024;

const LINE_BREAKS = /[\r\n\u2028\u2029]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose.
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u2060\ufeff]/;

/** The quote that earlier versions kept in a row's cells; what reads a file now takes it off (`source/formula-quote.ts`). */
const KEPT_FORMULA_QUOTE = /^\s*'(?=[=+\-@])/;

const ID = /^[A-Za-z0-9_-]+$/;
const emailFormat = z.email();

/** Removes what spreadsheets and people leave around a value; line breaks become spaces, accents take one form. */
function normaliseText(value: string): string {
  return value.replace(LINE_BREAKS, ' ').replace(/\t/g, ' ').trim().normalize('NFC');
}

/** An issue as zod takes it; our code travels in its `params`. */
const issueOf = (code: ErrorCode, message: string) => ({
  code: 'custom' as const,
  message,
  params: { code },
});

function textIssue(value: string, lengthMax: number) {
  if (value === '') return issueOf('REQUIRED', 'is empty');
  if (CONTROL_CHARACTERS.test(value))
    return issueOf('CONTROL_CHARACTER', 'contains an invisible control character');
  return value.length > lengthMax
    ? issueOf('TOO_LONG', `has ${value.length} characters; the limit is ${lengthMax}`)
    : undefined;
}

function text(field: keyof typeof FIELD_LENGTH_MAX) {
  return z
    .string()
    .transform(normaliseText)
    .superRefine((value, context) => {
      const issue = textIssue(value, FIELD_LENGTH_MAX[field]);
      if (issue) context.addIssue(issue);
    });
}

/** One row of input as a customer, plus the name of its agreement's file. */
export const customerInputSchema = z.object({
  CustSpaceId: text('CustSpaceId').refine(
    (id) => id === '' || id.length > FIELD_LENGTH_MAX.CustSpaceId || ID.test(id),
    issueOf('ID_INVALID', 'may contain only letters, digits, "-" and "_"'),
  ),
  CustName: text('CustName'),
  OfficeAddress: text('OfficeAddress'),
  ContactMail: text('ContactMail').refine(
    (mail) => mail === '' || emailFormat.safeParse(mail).success,
    issueOf('EMAIL_INVALID', 'is not an e-mail address'),
  ),
  CountryId: z
    .string()
    .transform((value) => normaliseText(value).toUpperCase())
    .superRefine((value, context) => {
      const problem = countryProblem(value);
      if (problem) context.addIssue(issueOf(problem.code, problem.message));
    }),
  BusinessDesc: text('BusinessDesc'),
  IsvTerms: text('IsvTerms'),
} satisfies Record<InputField, z.ZodType<string>>);

/** The fields of a row that was checked by an earlier version, cleaned but not checked again. */
export function cleanInput(columns: Columns, values: readonly string[]): CustomerInput {
  const cells = pickFields(columns, values);
  const clean = INPUT_FIELDS.map((field) => [
    field,
    normaliseText(cells[field].replace(KEPT_FORMULA_QUOTE, '')),
  ]);
  const input = Object.fromEntries(clean) as CustomerInput;
  return { ...input, CountryId: input.CountryId.toUpperCase() };
}

/** Bytes that the fields take in the URL, names included. */
export function encodedRequestBytes(customer: Customer): number {
  return CUSTOMER_FIELDS.reduce(
    (sum, field) => sum + field.length + encodeURIComponent(customer[field].toWellFormed()).length + 2,
    0,
  );
}
