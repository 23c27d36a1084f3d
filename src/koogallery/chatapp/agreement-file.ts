/** The signed agreement of a purchase: as its buyer gave it, or a file that the seller puts on this machine. */
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { checkContent } from '../../agreement/content.ts';
import type { GivenAgreement } from '../../agreement/one-agreement.ts';
import { findInside, readBounded } from '../../agreement/open-inside.ts';
import type { AgreementStore } from '../../agreement/store.ts';
import { cleanCell } from '../../customer/rules.ts';
import { AppError } from '../../errors.ts';
import type { SubmittedForm } from '../form/form-record.ts';
import { agreementPathOf } from './customer-data.ts';
import type { Purchase } from './purchase.ts';

export type FoundAgreement =
  | { state: 'found'; agreement: GivenAgreement }
  | { state: 'missing'; why?: string }
  /** There is one, and it cannot be used. */
  | { state: 'bad'; code: string };

/** @throws AppError STORE_UNREACHABLE */
export async function findTyped(
  { name, sha256 }: NonNullable<SubmittedForm['agreement']>,
  store: AgreementStore,
): Promise<FoundAgreement> {
  return orBad(async () => ({ state: 'found', agreement: { name, content: await store.get(sha256) } }));
}

/** A file that is perhaps still being copied is bad until it is whole: nobody would see a warning. */
export async function findFile(template: string, purchase: Purchase): Promise<FoundAgreement> {
  const folder = dirname(template.slice(0, `${template}{`.indexOf('{') + 1));
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined) return { state: 'missing', why: `there is no folder ${folder} on this machine` };
  const path = agreementPathOf(template, purchase);
  if (path === undefined) return { state: 'missing', why: 'the purchase does not say which file it is' };
  const name = cleanCell('IsvTerms', basename(path));
  return orBad(async () => {
    const found = await findInside(root, path, name);
    if (found === undefined) return { state: 'missing' };
    const content = await readBounded(found, name);
    const [doubt] = checkContent(content, name).warnings;
    return doubt === undefined
      ? { state: 'found', agreement: { name, content } }
      : { state: 'bad', ...doubt };
  });
}

async function orBad(find: () => Promise<FoundAgreement>): Promise<FoundAgreement> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof AppError && error.class === 'customer') return { state: 'bad', code: error.code };
    throw error;
  }
}
