/**
 * Whether an agreement store is the one that an account uses. A path says nothing about that: on another machine, or
 * before a volume is mounted, it leads elsewhere. So a store has an id, which moves with its files.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { accountNameOf } from '../redis/keys.ts';
import { type KnownStore, noteStore, readKnownStore, type StoreAccess } from './known-store.ts';
import type { AgreementStore } from './store.ts';

/** The name of the note that holds the id. */
const ID_NAME = 'store-id';
/** The folder of notes that say who keeps agreements here, each named after one account of one installation. */
export const USERS_FOLDER = 'used-by';
const ID_LENGTH_SHOWN = 8;

const idSchema = z.string().trim().pipe(z.uuid());

export interface StoreId {
  id: string;
  /** Since when the store has it, in milliseconds since 1970 on its own clock. */
  at: number;
}

/** @returns undefined if it has none. @throws AppError STORE_UNREACHABLE */
export async function readStoreId({ notes, place }: AgreementStore): Promise<StoreId | undefined> {
  const note = await notes.read(ID_NAME);
  if (note === undefined) return undefined;
  const { data: id } = idSchema.safeParse(note.text);
  if (id !== undefined) return { id, at: note.at };
  throw new AppError('STORE_UNREACHABLE', `${place}: its file ${ID_NAME} holds no id.`);
}

/**
 * Makes sure that the store is the one of the account, and that it knows the account. The first store that an account
 * uses becomes its store.
 * @throws AppError STORE_MISMATCH, STORE_UNREACHABLE
 */
export async function claimStore(access: StoreAccess, store: AgreementStore): Promise<KnownStore> {
  const known = (await readKnownStore(access)) ?? (await begin(access, store));
  assertSame(access, { known, store, found: await readStoreId(store) });
  await store.notes.create(`${USERS_FOLDER}/${known.user}`, `${access.account}\n`);
  return known;
}

/** The same check, which changes nothing. @throws AppError STORE_MISMATCH, STORE_UNREACHABLE */
export async function compareStore(access: StoreAccess, store: AgreementStore): Promise<void> {
  const known = await readKnownStore(access);
  if (known) assertSame(access, { known, store, found: await readStoreId(store) });
}

async function begin(access: StoreAccess, store: AgreementStore): Promise<KnownStore> {
  if ((await readStoreId(store)) === undefined) await store.notes.create(ID_NAME, `${randomUUID()}\n`);
  // Read back: another process may have been first.
  const found = await readStoreId(store);
  if (found === undefined)
    throw new AppError('STORE_UNREACHABLE', `${store.place} does not keep what is written.`);
  return noteStore(access, { id: found.id, place: store.place, user: randomUUID() });
}

function assertSame(
  { account }: StoreAccess,
  { known, store, found }: { known: KnownStore; store: AgreementStore; found: StoreId | undefined },
): void {
  if (found?.id === known.id) return;
  const short = (id: string) => id.slice(0, ID_LENGTH_SHOWN);
  const what = found === undefined ? `has no file ${ID_NAME}` : `is store ${short(found.id)}`;
  throw new AppError(
    'STORE_MISMATCH',
    `Account ${accountNameOf(account)} keeps its agreements in store ${short(known.id)} (${known.place}), but ${store.place} ${what}.`,
  );
}
