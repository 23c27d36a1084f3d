/**
 * By which names an account has been known in an agreement store. Its name there is kept in Redis, so one whose Redis was lost
 * comes with a new one, and what it had sent is noted under those before. Each has a note of its own, because a note can be
 * created by one of several installations only, but be written over by any of them; and these are numbered, because listing
 * the store takes a right of its own in a bucket.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { StoreNote } from './notes.ts';
import type { AgreementStore } from './store.ts';

const FOLDER = 'users-of';
const NOTES_MAX = 1_000;

/** @param sender what the account is called, and to whom it sends: any text. @throws AppError STORE_UNREACHABLE */
export async function readUsers({ notes }: AgreementStore, sender: string): Promise<string[]> {
  const users = new Set<string>();
  for (let number = 0; number < NOTES_MAX; number++) {
    const note = await notes.read(nameOf(sender, number));
    if (note === undefined) break;
    for (const user of usersIn(note)) users.add(user);
  }
  return [...users];
}

/** Adds a name unless it is there. @throws AppError STORE_UNREACHABLE */
export async function addUser(store: AgreementStore, sender: string, user: string): Promise<void> {
  const { notes, place } = store;
  if ((await readUsers(store, sender)).includes(user)) return;
  for (let number = 0; number < NOTES_MAX; number++) {
    const name = nameOf(sender, number);
    const there = (await notes.read(name)) ?? (await created(name));
    if (usersIn(there).includes(user)) return;
  }
  throw new AppError('STORE_UNREACHABLE', `${place} has ${NOTES_MAX} names of one account.`);

  /** Read back: another process may have been first. */
  async function created(name: string): Promise<StoreNote> {
    await notes.create(name, `${user}\n`);
    const note = await notes.read(name);
    if (note === undefined)
      throw new AppError('STORE_UNREACHABLE', `${place} does not keep what is written.`);
    return note;
  }
}

/** None while it is being written where there are no hard links, or if that was cut short; several in the first of old. */
const usersIn = ({ text }: StoreNote) => text.split('\n').filter(Boolean);

/** Names of accounts may be anything, and some file systems take `A` for `a`. */
function nameOf(sender: string, number: number): string {
  const name = createHash('sha256').update(sender).digest('hex');
  return `${FOLDER}/${name}${number === 0 ? '' : `-${number}`}`;
}
