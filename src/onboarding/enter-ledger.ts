/**
 * What must be true before a worker sends, or an import enqueues: the ledger is about this very peer, nothing of the
 * version before waits for a decision, and no other name has the same access key.
 */
import { findSimulator } from '../alibaba/find-simulator.ts';
import { type Environment, readStaticKeyId } from '../alibaba/static-key.ts';
import { AppError } from '../errors.ts';
import { schemaNewer } from '../ledger/adopt-peer.ts';
import { claimPeer, type PeerClaim } from '../ledger/claim-peer.ts';
import { readPeer, SCHEMA } from '../ledger/peer-record.ts';
import { holdsVersionBefore } from '../ledger/version-before/holds.ts';
import type { Logger } from '../logger.ts';
import { registerKey } from '../pace/register-key.ts';
import { hasWorkersOfBefore, listConnections } from '../queue/living-workers.ts';
import type { RedisClient } from '../redis/connect.ts';
import { accountNameOf } from '../redis/keys.ts';
import { type Account, accountsOf } from './accounts.ts';
import { peerHostOf } from './peer-kind.ts';
import type { Settings } from './settings.ts';

export interface Entering {
  redis: RedisClient;
  settings: Settings;
  /** Where credentials of the type `env` are found. */
  environment: Environment;
  logger: Logger;
}

/**
 * For an import, and for workers.
 * @throws AppError PEER_MISMATCH, ADOPTION_NEEDED, SCHEMA_NEWER, ACCESS_KEY_SHARED
 */
export async function enterLedgers(entering: Entering, accounts: readonly Account[]): Promise<void> {
  const simulators = new Map<string, Promise<string | undefined>>();
  const simulatorAt = (endpoint: string) => {
    const found = simulators.get(endpoint) ?? findSimulator(endpoint, entering.settings.proxy);
    simulators.set(endpoint, found);
    return found;
  };
  await Promise.all(
    accounts.map(async (account) => {
      await assertConverted(entering.redis, account);
      const { peer, endpoint } = account;
      await claim(entering, account, peer === 'rehearsal' ? await simulatorAt(endpoint) : undefined);
    }),
  );
  // One after the other, so that of two names in one file only the second is refused.
  for (const account of accounts) await claimKey(entering, account);
}

/** Records that another simulator answers in a rehearsal that goes on. */
export async function noteSimulator(
  entering: Pick<Entering, 'redis' | 'logger'>,
  account: Account,
  instance: string,
): Promise<void> {
  await claim(entering, account, instance).catch((error: Error) =>
    entering.logger.warn({ event: 'note_failed', error: error.message }, 'simulator not recorded'),
  );
}

async function claim(
  { redis, logger }: Pick<Entering, 'redis' | 'logger'>,
  { name, peer: kind, ledger, endpoint }: Account,
  instance: string | undefined,
): Promise<void> {
  const host = peerHostOf(endpoint);
  const claimed = await claimPeer(redis, ledger, { kind, host, instance });
  const { outcome, generation } = claimed;
  if (outcome === 'before') throw adoptionNeeded(name);
  if (outcome === 'newer') throw schemaNewer(ledger, claimed);
  if (outcome === 'mismatch') throw mismatch(name, host, claimed);
  if (outcome === 'raised')
    logger.info({ event: 'simulator_changed', account: name, generation }, 'another simulator answers');
}

export function mismatch(account: string, host: string, { hosts }: Pick<PeerClaim, 'hosts'>): AppError {
  const message = `Account ${account} is configured for ${host}, but what Redis holds of it is about ${hosts.join(' and ')}.`;
  const adopt = `onboard account adopt ${account}`;
  const hint = `Correct CHATAPP_ENDPOINT. If it is a new peer: \`${adopt}\`; if it is the same one by another door: \`${adopt} --same-peer\`.`;
  return new AppError('PEER_MISMATCH', message, { hint });
}

export function adoptionNeeded(account: string): AppError {
  const message = `Account ${account} has data of version 0.1, which did not record whether it was sent to Alibaba Cloud or to a simulator.`;
  const hint = `Say which: \`onboard account adopt ${account} --as real|rehearsal\`. Until then, nothing is sent or imported.`;
  return new AppError('ADOPTION_NEEDED', message, { hint });
}

async function assertConverted(redis: RedisClient, { name }: Pick<Account, 'name'>): Promise<void> {
  if (await holdsVersionBefore(redis, name)) throw adoptionNeeded(name);
}

/** For commands that change what the ledger holds. @throws AppError ADOPTION_NEEDED, SCHEMA_NEWER */
export async function assertUsable(redis: RedisClient, account: Account): Promise<void> {
  await Promise.all([assertReadable(redis, account), assertConverted(redis, account)]);
}

/** For commands that only show it. @throws AppError SCHEMA_NEWER */
export async function assertReadable(redis: RedisClient, account: Account): Promise<void> {
  const record = await readPeer(redis, account.ledger);
  if (record !== undefined && record.schema > SCHEMA) throw schemaNewer(account.ledger, record);
}

/** @throws AppError WORKERS_RUNNING if version 0.1 has workers for one of the accounts */
export async function assertNoWorkersOfBefore(
  redis: RedisClient,
  accounts: readonly Pick<Account, 'name'>[],
): Promise<void> {
  const connections = await listConnections(redis);
  const served = accounts.filter(({ name }) => hasWorkersOfBefore(connections, name));
  if (served.length === 0) return;
  const names = served.map(({ name }) => name).join(', ');
  throw new AppError('WORKERS_RUNNING', `Workers of version 0.1 are still running for account ${names}.`);
}

type Keyed = Pick<Entering, 'redis' | 'settings' | 'environment'>;

/** @throws AppError ACCESS_KEY_SHARED */
async function claimKey(entering: Keyed, account: Account): Promise<void> {
  const { redis, environment } = entering;
  const accessKeyId = await readStaticKeyId(account.credentials, environment);
  if (accessKeyId === undefined) return;
  const registration = { account: account.ledger, accessKeyId };
  const holder = await registerKey(redis, registration);
  if (holder === account.ledger) return;
  const isGone = await hasOtherKey(entering, holder, accessKeyId);
  const now = isGone ? await registerKey(redis, registration, holder) : holder;
  if (now !== account.ledger) throw keyShared(account.name, now);
}

/** Whether a name has, by this configuration, another key: then it has only not registered it yet. */
async function hasOtherKey(
  { settings, environment }: Keyed,
  ledger: string,
  accessKeyId: string,
): Promise<boolean> {
  const holder = accountsOf(settings).find((candidate) => candidate.ledger === ledger);
  const own = holder && (await readStaticKeyId(holder.credentials, environment));
  return own !== undefined && own !== accessKeyId;
}

export function keyShared(account: string, holder: string): AppError {
  const message = `Accounts ${account} and ${accountNameOf(holder)} have the same access key.`;
  return new AppError('ACCESS_KEY_SHARED', message);
}
