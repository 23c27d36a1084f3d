/**
 * By which names an account has been known in an agreement store. Its name there is kept in Redis, so one whose Redis was lost
 * comes with a new one, and what it had sent is noted under those before. Found without listing the store, which takes a
 * right of its own in a bucket.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AgreementStore } from './store.ts';

const FOLDER = 'users-of';

const usersSchema = z.string().transform((text) => text.split('\n').filter(Boolean));

/** @param sender what the account is called, and to whom it sends: any text. @throws AppError STORE_UNREACHABLE */
export async function readUsers({ notes }: AgreementStore, sender: string): Promise<string[]> {
  return usersSchema.parse((await notes.read(nameOf(sender)))?.text ?? '');
}

/**
 * Adds a name unless it is there. Of two installations that do so at once one may be written over: it is added when it comes
 * again.
 * @throws AppError STORE_UNREACHABLE
 */
export async function addUser(store: AgreementStore, sender: string, user: string): Promise<void> {
  const users = await readUsers(store, sender);
  if (users.includes(user)) return;
  await store.notes.replace(nameOf(sender), [...users, user].map((each) => `${each}\n`).join(''));
}

/** Names of accounts may be anything, and some file systems take `A` for `a`. */
const nameOf = (sender: string) => `${FOLDER}/${createHash('sha256').update(sender).digest('hex')}`;
