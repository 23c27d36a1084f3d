/** What the fields of a customer may hold. Pure. */
import { z } from 'zod';
import type { ErrorCode } from '../error-codes.ts';
import { characterProblem, toHalfWidth } from './characters.ts';
import { type Columns, pickFields } from './columns.ts';
import { countryProblem } from './country.ts';
import { emailProblem, normaliseEmail } from './email.ts';
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

const ID = /^[A-Za-z0-9_-]+$/;

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

type FindIssue = (value: string) => ReturnType<typeof issueOf> | undefined;

function textIssue(value: string, lengthMax: number) {
  if (value === '') return issueOf('REQUIRED', 'is empty');
  const odd = characterProblem(value);
  if (odd) return issueOf(odd.code, odd.message);
  return value.length > lengthMax
    ? issueOf('TOO_LONG', `has ${value.length} characters; the limit is ${lengthMax}`)
    : undefined;
}

/** @param find what is wrong with a value that is a good text */
function text(field: keyof typeof FIELD_LENGTH_MAX, find: FindIssue = () => undefined) {
  return z
    .string()
    .transform((cell) => cleanCell(field, cell))
    .superRefine((value, context) => {
      const issue = textIssue(value, FIELD_LENGTH_MAX[field]) ?? find(value);
      if (issue) context.addIssue(issue);
    });
}

/** A cell as it is sent: without what spreadsheets, keyboards and people leave in it where the meaning is certain. */
export function cleanCell(field: InputField, cell: string): string {
  const value = normaliseText(cell);
  if (field === 'CustSpaceId') return toHalfWidth(value);
  if (field === 'ContactMail') return normaliseEmail(value);
  return field === 'CountryId' ? toHalfWidth(value).toUpperCase() : value;
}

/** Whether a cell is sent with other letters than a person sees in it: full-width ones as ASCII, a link as an address. */
export function isRewritten(field: InputField, cell: string): boolean {
  return cleanCell(field, cell).toUpperCase() !== normaliseText(cell).toUpperCase();
}

function idIssue(id: string) {
  return ID.test(id) ? undefined : issueOf('ID_INVALID', 'may contain only letters, digits, "-" and "_"');
}

function emailIssue(mail: string) {
  const problem = emailProblem(mail);
  return problem === undefined ? undefined : issueOf('EMAIL_INVALID', problem);
}

function countryIssue(value: string) {
  const problem = characterProblem(value) ?? countryProblem(value);
  return problem && issueOf(problem.code, problem.message);
}

/** One row of input as a customer, plus the name of its agreement's file. */
export const customerInputSchema = z.object({
  CustSpaceId: text('CustSpaceId', idIssue),
  CustName: text('CustName'),
  OfficeAddress: text('OfficeAddress'),
  ContactMail: text('ContactMail', emailIssue),
  CountryId: z
    .string()
    .transform((cell) => cleanCell('CountryId', cell))
    .superRefine((value, context) => {
      const issue = countryIssue(value);
      if (issue) context.addIssue(issue);
    }),
  BusinessDesc: text('BusinessDesc'),
  IsvTerms: text('IsvTerms'),
} satisfies Record<InputField, z.ZodType<string>>);

/** The fields of a row, cleaned but not checked: for one that is bad, or that an earlier version has checked. */
export function cleanInput(columns: Columns, values: readonly string[]): CustomerInput {
  const cells = pickFields(columns, values);
  const clean = INPUT_FIELDS.map((field) => [field, cleanCell(field, cells[field])]);
  return Object.fromEntries(clean) as CustomerInput;
}

/** Bytes that the fields take in the URL, names included. */
export function encodedRequestBytes(customer: Customer): number {
  return CUSTOMER_FIELDS.reduce(
    (sum, field) => sum + field.length + encodeURIComponent(customer[field].toWellFormed()).length + 2,
    0,
  );
}
