/** What a buyer has typed into the form of an instance, as its hash holds it: sealed, because it is about people. */
import { z } from 'zod';
import { CUSTOMER_FIELDS, type Customer } from '../../customer/fields.ts';
import type { Seal } from '../seal.ts';

const fieldsShape = Object.fromEntries(
  CUSTOMER_FIELDS.map((field) => [field, z.string().optional()]),
) as Record<keyof Customer, z.ZodOptional<z.ZodString>>;

const recordSchema = z.object({
  /** Those that were asked for, as they are sent. */
  fields: z.object(fieldsShape),
  /** Kept in the store of the account before this was written. Absent if it was not asked for. */
  agreement: z.object({ name: z.string(), sha256: z.string() }).optional(),
});

export type SubmittedForm = z.output<typeof recordSchema>;

export function sealForm(seal: Seal, form: SubmittedForm): string {
  return seal.seal(JSON.stringify(form));
}

/** @returns undefined if nothing was submitted. @throws AppError CONFIG_INVALID if no key opens it any more */
export function openForm(seal: Seal, form: string | undefined): SubmittedForm | undefined {
  return form === undefined ? undefined : recordSchema.parse(JSON.parse(seal.open(form)));
}
