/**
 * How many submits an account has made, noted in its agreement store: a second place, which a backup of Redis that is put
 * back does not set back. Numbers of submits only rise, so a note above what Redis holds means that Redis has forgotten some.
 */
import { z } from 'zod';
import { type KnownStore, readKnownStore, type StoreAccess } from './known-store.ts';
import type { AgreementStore } from './store.ts';

const FOLDER = 'submits';

const noteSchema = z.string().trim().pipe(z.coerce.number<string>().int().nonnegative());

type OfAccount = Pick<KnownStore, 'user'>;

/** @returns the number of the last submit, 0 if nothing is noted, and when it was noted. @throws AppError STORE_UNREACHABLE */
export async function readNote(
  { notes }: AgreementStore,
  { user }: OfAccount,
): Promise<{ last: number; at: number }> {
  const { text = '0', at = 0 } = (await notes.read(`${FOLDER}/${user}`)) ?? {};
  return { last: noteSchema.safeParse(text).data ?? 0, at };
}

/** @returns 0 if nothing is noted. @throws AppError STORE_UNREACHABLE */
export async function readSubmits(store: AgreementStore, of: OfAccount): Promise<number> {
  return (await readNote(store, of)).last;
}

/** The same of an account as Redis knows it; 0 if it has used no store yet. @throws AppError STORE_UNREACHABLE */
export async function readSubmitsOf(access: StoreAccess, store: AgreementStore): Promise<number> {
  const known = await readKnownStore(access);
  return known === undefined ? 0 : readSubmits(store, known);
}

/**
 * Notes the number of the last submit, unless a higher one is noted.
 * @returns what is noted then: less, if another process has written over it meanwhile
 * @throws AppError STORE_UNREACHABLE
 */
export async function noteSubmits(store: AgreementStore, of: OfAccount, seq: number): Promise<number> {
  const noted = await readSubmits(store, of);
  if (noted >= seq) return noted;
  await store.notes.replace(`${FOLDER}/${of.user}`, `${seq}\n`);
  return readSubmits(store, of);
}
