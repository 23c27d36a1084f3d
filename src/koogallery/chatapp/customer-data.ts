/** From a purchase to the customer that it becomes: what is known, what is missing, and what cannot be used. Pure. */
import { CUSTOMER_FIELDS, type Customer, type InputField } from '../../customer/fields.ts';
import { cleanCell, customerInputSchema } from '../../customer/rules.ts';
import type { CustomerMapping } from '../../onboarding/koogallery-chatapp.ts';
import { fillTemplate, parsePath } from '../../onboarding/koogallery-paths.ts';
import { type Purchase, valueAt } from './purchase.ts';

export interface DataProblem {
  /** Absent if it is about all of them together, or nobody says. */
  field?: InputField | undefined;
  code: string;
}

export interface CollectedFields {
  /** As they would be sent, good or not; empty where nothing is known. */
  customer: Customer;
  missing: InputField[];
  problems: DataProblem[];
}

/** @param typed by the buyer: counts for more than what the purchase says */
export function collectFields(
  { fields }: Pick<CustomerMapping, 'fields'>,
  purchase: Purchase,
  typed: Partial<Customer> = {},
): CollectedFields {
  const known = CUSTOMER_FIELDS.map((field) => {
    const value = typed[field] ?? valueFrom(fields[field], purchase) ?? '';
    return [field, cleanCell(field, value)] as const;
  });
  const customer = Object.fromEntries(known) as Customer;
  const missing = CUSTOMER_FIELDS.filter((field) => customer[field] === '');
  const problems = CUSTOMER_FIELDS.filter((field) => !missing.includes(field)).flatMap((field) =>
    problemsOf(field, customer[field]),
  );
  return { customer, missing, problems };
}

/**
 * @returns the path of the agreement; undefined if a value of it is not known, or would lead to another folder than the
 *   template names
 */
export function agreementPathOf(template: string, purchase: Purchase): string | undefined {
  let isUsable = true;
  const path = fillTemplate(template, (text) => {
    const value = valueFrom(text, purchase)?.trim() ?? '';
    if (!isPlainName(value)) isUsable = false;
    return value;
  });
  return isUsable ? path : undefined;
}

function valueFrom(
  source: CustomerMapping['fields'][keyof Customer],
  purchase: Purchase,
): string | undefined {
  if (source === undefined) return undefined;
  if (typeof source !== 'string') return source.text;
  const path = parsePath(source);
  return path && valueAt(purchase, path);
}

/** The buyer may have chosen it. */
function isPlainName(value: string): boolean {
  return value !== '' && !value.includes('..') && !/[/\\\p{Cc}]/u.test(value) && value !== '.';
}

function problemsOf(field: keyof Customer, value: string): DataProblem[] {
  const { error } = customerInputSchema.shape[field].safeParse(value);
  return (error?.issues ?? []).slice(0, 1).map((issue) => {
    const { code = 'REQUEST_INVALID' } = (issue as { params?: { code?: string } }).params ?? {};
    return { field, code };
  });
}
