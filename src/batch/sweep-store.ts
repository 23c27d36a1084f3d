/**
 * Removes agreements that no kept row needs, a day after an import last kept them. An import stores an agreement before
 * its row exists; the day covers that. Where it is uncertain who needs a file, it stays.
 */
import { readStoreId, USERS_FOLDER } from '../agreement/identity.ts';
import { type KnownStore, readKnownStore } from '../agreement/known-store.ts';
import { NeededAgreements } from '../agreement/needed.ts';
import type { AgreementStore } from '../agreement/store.ts';
import { iterateAgreements } from '../ledger/iterate-agreements.ts';
import type { Logger } from '../logger.ts';
import { accountsOf } from '../onboarding/accounts.ts';
import type { Settings } from '../onboarding/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { redisTime } from '../redis/time.ts';
import { plural } from '../text.ts';

const GRACE_MS = 24 * 3_600_000;
/** However many processes try, one sweeps in this time. In milliseconds. */
const SWEPT_EVERY_MS = 55 * 60_000;
const MICROSECONDS_PER_MS = 1_000;

export interface Sweeping {
  store: AgreementStore;
  settings: Settings;
  redis: RedisClient;
  logger: Logger;
  /** Aborted to end it early. */
  ending: AbortSignal;
}

/**
 * @returns agreements removed; undefined if it is not due, or if it is uncertain whose the agreements are: the store is
 *   not that of the accounts, it is young, or accounts use it that the settings do not have, so that nobody here knows
 *   their rows
 * @throws AppError STORE_UNREACHABLE
 */
export async function sweepStore(sweeping: Sweeping): Promise<number | undefined> {
  const { store, settings, redis } = sweeping;
  const ledgers = accountsOf(settings)
    .map(({ ledger }) => ledger)
    .sort();
  const known = await Promise.all(ledgers.map((account) => readKnownStore({ redis, account })));
  const stores = known.filter((each) => each !== undefined);
  const id = await readStoreId(store);
  if (id === undefined || stores.length === 0 || stores.some((each) => each.id !== id.id)) return undefined;
  const key = accountKeys(ledgers[0] ?? '').storeSwept;
  if ((await redis.set(key, '1', 'PX', SWEPT_EVERY_MS, 'NX')) === null) return undefined;
  const keptSince = (await redisTime(redis, key)) / MICROSECONDS_PER_MS - GRACE_MS;
  // Other installations may not have told a young store yet that they use it.
  if (id.at >= keptSince || (await hasStrangers(sweeping, stores))) return undefined;
  return remove(sweeping, await listNeeded(sweeping, ledgers), keptSince);
}

async function hasStrangers({ store, logger }: Sweeping, ours: readonly KnownStore[]): Promise<boolean> {
  const users = new Set(ours.map(({ user }) => user));
  const strangers = (await store.notes.list(USERS_FOLDER)).filter((user) => !users.has(user));
  if (strangers.length === 0) return false;
  logger.warn(
    { event: 'store_shared', place: store.place, strangers },
    `no agreement is removed: ${plural(strangers.length, 'account')} not of these settings may need it; if it is gone for good, delete its file in the folder ${USERS_FOLDER} of the store`,
  );
  return true;
}

async function listNeeded(
  { redis, ending }: Sweeping,
  ledgers: readonly string[],
): Promise<NeededAgreements> {
  const needed = new NeededAgreements();
  for (const account of ledgers)
    for await (const portion of iterateAgreements({ redis, account })) {
      ending.throwIfAborted();
      for (const sha256 of portion) needed.add(sha256);
    }
  return needed;
}

async function remove(
  { store, logger, ending }: Sweeping,
  needed: NeededAgreements,
  keptSince: number,
): Promise<number> {
  let removed = 0;
  for await (const { sha256, at } of store.list()) {
    if (ending.aborted) break;
    if (at >= keptSince || needed.mayHave(sha256)) continue;
    if (await store.remove(sha256, keptSince)) removed += 1;
  }
  if (removed > 0)
    logger.info(
      { event: 'agreements_removed', removed },
      'agreements that no row needs any more left the store',
    );
  return removed;
}
