/** What somebody typed into a form, by the rules of an import. Pure. */
import type { z } from 'zod';
import { checkContent } from '../../agreement/content.ts';
import type { GivenAgreement } from '../../agreement/one-agreement.ts';
import { CUSTOMER_FIELDS, type Customer, INPUT_FIELDS, type InputField } from '../../customer/fields.ts';
import { customerInputSchema, encodedRequestBytes, REQUEST_BYTES_MAX } from '../../customer/rules.ts';
import type { ErrorCode } from '../../error-codes.ts';
import { AppError } from '../../errors.ts';

/** Of a file whose own name cannot be that of an agreement. */
const PLAIN_NAME = 'agreement.pdf';

export interface FormProblem {
  /** Absent if it is about all of them together. */
  field?: InputField | undefined;
  code: ErrorCode;
  message: string;
}

export interface TypedForm {
  /** Whatever came under the names of fields. */
  fields: Partial<Customer>;
  agreement?: GivenAgreement | undefined;
}

/** What was asked for, as it is sent. */
export interface CheckedForm {
  fields: Partial<Customer>;
  agreement?: (GivenAgreement & { sha256: string }) | undefined;
}

interface FileCheck {
  agreement?: CheckedForm['agreement'];
  problem?: Omit<FormProblem, 'field'>;
}

export type FormCheck = { ok: true; form: CheckedForm } | { ok: false; problems: FormProblem[] };

/** @param asked what counts; anything else that came is left out */
export function checkForm(asked: readonly InputField[], typed: TypedForm): FormCheck {
  const problems: FormProblem[] = [];
  const fields: Partial<Customer> = {};
  for (const field of CUSTOMER_FIELDS.filter((each) => asked.includes(each))) {
    const { success, data, error } = customerInputSchema.shape[field].safeParse(typed.fields[field] ?? '');
    if (success) fields[field] = data;
    else problems.push({ field, ...problemOf(error) });
  }
  problems.push(...sizeProblem(fields));
  const file = asked.includes('IsvTerms') ? checkAgreement(typed.agreement) : {};
  if (file.problem !== undefined) problems.push({ field: 'IsvTerms', ...file.problem });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, form: { fields, agreement: file.agreement } };
}

/** Whether a form is the one that was submitted before. */
export function isSameForm(
  typed: CheckedForm,
  before: { fields: Partial<Customer>; agreement?: { sha256: string } | undefined },
): boolean {
  const names = CUSTOMER_FIELDS.filter((field) => typed.fields[field] !== undefined);
  const { agreement } = typed;
  return (
    names.every((field) => typed.fields[field] === before.fields[field]) &&
    (agreement === undefined || agreement.sha256 === before.agreement?.sha256)
  );
}

/** What is asked for: what is missing, and what was refused. A refusal that names no field is about all of them. */
export function askedFields(
  missing: readonly string[],
  problems: readonly { field?: string | undefined }[],
): InputField[] {
  const isAboutAll = problems.some(({ field }) => !INPUT_FIELDS.some((each) => each === field));
  if (isAboutAll) return [...INPUT_FIELDS];
  const named = new Set([...missing, ...problems.map(({ field }) => field)]);
  return INPUT_FIELDS.filter((field) => named.has(field));
}

function problemOf(error: z.ZodError): Omit<FormProblem, 'field'> {
  const [issue] = error.issues;
  const { code = 'REQUEST_INVALID' } = (issue as { params?: { code?: ErrorCode } } | undefined)?.params ?? {};
  return { code, message: issue?.message ?? 'is not as it should be' };
}

/** What is not asked for is not known here: all of it together is checked again when it is registered. */
function sizeProblem(fields: Partial<Customer>): FormProblem[] {
  const all = Object.fromEntries(CUSTOMER_FIELDS.map((field) => [field, fields[field] ?? ''])) as Customer;
  const bytes = encodedRequestBytes(all);
  if (bytes <= REQUEST_BYTES_MAX) return [];
  const message = `takes ${bytes} bytes in a request; the limit is ${REQUEST_BYTES_MAX}`;
  return [{ code: 'REQUEST_TOO_LARGE', message }];
}

function checkAgreement(given: GivenAgreement | undefined): FileCheck {
  if (given === undefined) return { problem: { code: 'REQUIRED', message: 'is empty' } };
  try {
    const { sha256 } = checkContent(given.content, given.name);
    const { data: name = PLAIN_NAME } = customerInputSchema.shape.IsvTerms.safeParse(given.name);
    return { agreement: { name, content: given.content, sha256 } };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { problem: { code: error.code, message: error.message } };
  }
}
