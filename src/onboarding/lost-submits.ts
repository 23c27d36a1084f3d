/**
 * Whether Redis has come back empty, which looks like a new one: it knows of no submit, but the agreement store has noted some
 * of an account of this name. Either Redis was lost, or another installation shares the store and the name; only a person
 * knows. It is asked for as long as Redis knows of no submit: a recovery gives it a number, and so settles it for good.
 */

import type { AgreementStore } from '../agreement/store.ts';
import { readNote } from '../agreement/submits-note.ts';
import { addUser, readUsers } from '../agreement/users-note.ts';
import { findSimulator } from '../alibaba/find-simulator.ts';
import { readPeer } from '../ledger/peer-record.ts';
import type { LedgerAccount } from './open-ledger.ts';

export interface LostSubmits {
  /** The highest number that was given. */
  last: number;
  /** When the last of them was noted, in milliseconds since 1970. */
  lastAt: number;
}

type Asked = Pick<LedgerAccount, 'account' | 'redis' | 'settings'>;

/** @returns undefined if nothing is lost. @throws AppError STORE_UNREACHABLE */
export async function findLost(
  asked: Asked & Pick<LedgerAccount, 'ledger'>,
  store: AgreementStore,
): Promise<LostSubmits | undefined> {
  if ((await asked.ledger.readSeq()) > 0) return undefined;
  const users = await readUsers(store, await senderOf(asked));
  const notes = await Promise.all(users.map((user) => readNote(store, { user })));
  const sent = notes.filter(({ last }) => last > 0);
  // Read again: the first submits may have been made, and noted, meanwhile.
  if (sent.length === 0 || (await asked.ledger.readSeq()) > 0) return undefined;
  return { last: Math.max(...sent.map(({ last }) => last)), lastAt: Math.max(...sent.map(({ at }) => at)) };
}

/** From now on, what this name of the account sends is found by whoever comes with another. @throws AppError STORE_UNREACHABLE */
export async function noteUser(asked: Asked, store: AgreementStore, user: string): Promise<void> {
  await addUser(store, await senderOf(asked), user);
}

/** Another simulator than the last one begins anew: nothing that was sent to that one is lost. */
async function senderOf({ account, redis, settings }: Asked): Promise<string> {
  const { ledger, peer, endpoint } = account;
  if (peer === 'real') return ledger;
  const recorded = (await readPeer(redis, ledger))?.instance;
  return `${ledger} ${recorded || ((await findSimulator(endpoint, settings.proxy)) ?? '')}`;
}
