/** A person decides whom the ledger of an account is about: after a change of the peer, and for data of version 0.1. */
import { findSimulator } from '../alibaba/find-simulator.ts';
import { AppError } from '../errors.ts';
import { adoptPeer } from '../ledger/adopt-peer.ts';
import type { PeerRecord } from '../ledger/peer-record.ts';
import { convertVersionBefore } from '../ledger/version-before/convert.ts';
import { holdsVersionBefore } from '../ledger/version-before/holds.ts';
import { adoptionNeeded, assertNoWorkersOfBefore } from '../onboarding/enter-ledger.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import { peerHostOf } from '../onboarding/peer-kind.ts';
import { dropFormerQueues } from '../queue/former-queues.ts';
import { hasWorkers, listConnections } from '../queue/living-workers.ts';
import { formerKeys, ledgerNameOf, type PeerKind } from '../redis/keys.ts';
import type { By } from './by.ts';
import { bySchema, checkOrder } from './orders.ts';

export interface AdoptOrder extends By {
  /** The configured host is only another door of the same peer: what it has accepted stays `unchanged`. */
  samePeer?: boolean;
  /** What the peer of version 0.1 was, of which data is still here. */
  as?: PeerKind;
}

/** Whom the ledger is about now. */
export interface Adopted extends Pick<PeerRecord, 'hosts' | 'generation'> {
  /** Of the ledger that was adopted. */
  peer: PeerKind;
}

type Adopting = Pick<LedgerAccount, 'account' | 'settings' | 'redis' | 'logger'>;

/**
 * @throws AppError USAGE, ADOPTION_NEEDED if data of version 0.1 is here and the order does not say what it is,
 * SCHEMA_NEWER, WORKERS_RUNNING
 */
export async function adoptAccount(adopting: Adopting, order: AdoptOrder): Promise<Adopted> {
  checkOrder(bySchema, order);
  const { account, redis, logger } = adopting;
  const { by, samePeer = false, as } = order;
  const isFromBefore = await assertMeant(adopting, order);
  const peer = as ?? account.peer;
  const ledger = ledgerNameOf(peer, account.name);
  if (!samePeer) await assertNoWorkers(adopting, ledger);
  if (isFromBefore) {
    // Jobs are given anew: by upkeep, to the rows that are not done.
    await dropFormerQueues(redis, account.name);
    await convertVersionBefore(redis, { from: formerKeys(account.name).prefix, to: ledger });
  }
  const how = samePeer ? 'same' : 'new';
  const { hosts, generation } = await adoptPeer(redis, ledger, {
    kind: peer,
    ...(await describePeer(adopting, peer)),
    ...{ how, by },
  });
  logger.warn({ event: 'account_adopted', by, how, peer, hosts, generation }, 'account adopted');
  return { peer, hosts, generation };
}

/** @returns whether data of version 0.1 is to be converted */
async function assertMeant({ account: { name }, redis }: Adopting, order: AdoptOrder): Promise<boolean> {
  const { samePeer, as } = order;
  if (samePeer && as !== undefined)
    throw new AppError('USAGE', 'Data of version 0.1 is adopted whole: choose --as or --same-peer.');
  const isFromBefore = await holdsVersionBefore(redis, name);
  if (isFromBefore && as === undefined) throw adoptionNeeded(name);
  if (!isFromBefore && as !== undefined)
    throw new AppError('USAGE', `Account ${name} has no data of version 0.1; adopt it without --as.`);
  return isFromBefore;
}

/** A worker that runs would go on with its peer and write what it accepts into the new generation. */
async function assertNoWorkers({ account, redis }: Adopting, ledger: string): Promise<void> {
  await assertNoWorkersOfBefore(redis, [account]);
  if (hasWorkers(await listConnections(redis), ledger))
    throw new AppError('WORKERS_RUNNING', `Workers are running for account ${account.name}.`);
}

/** The peer of the configuration, unless the ledger that is adopted is about the other kind. */
async function describePeer({ account: { peer, endpoint }, settings }: Adopting, adopted: PeerKind) {
  if (peer !== adopted) return { host: undefined };
  const instance = peer === 'rehearsal' ? await findSimulator(endpoint, settings.proxy) : undefined;
  return { host: peerHostOf(endpoint), instance };
}
