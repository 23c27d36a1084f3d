/** What the peer listed of a customer, as far as it is about the peer of today. */
import type { Observation } from '../ledger/observations.ts';
import { readPeer } from '../ledger/peer-record.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';

/** Generation of the peer that an account registers with. */
export async function readGeneration({
  redis,
  account,
}: Pick<LedgerAccount, 'redis' | 'account'>): Promise<number> {
  return (await readPeer(redis, account.ledger))?.generation ?? 1;
}

/** @returns undefined if nobody looked, or only while the account had another peer: that says nothing of this one */
export async function readCurrentObservation(
  open: Pick<LedgerAccount, 'ledger' | 'redis' | 'account'>,
  custSpaceId: string,
): Promise<Observation | undefined> {
  const [observed, generation] = await Promise.all([
    open.ledger.readObserved(custSpaceId),
    readGeneration(open),
  ]);
  return observed?.generation === generation ? observed : undefined;
}
