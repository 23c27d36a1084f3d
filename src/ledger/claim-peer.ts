import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys, accountNameOf, formerKeys, type PeerKind } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import { peerRecordSchema, SCHEMA } from './peer-record.ts';

const resultSchema = peerRecordSchema.extend({
  /** `raised`: another simulator than before, and so a new generation. Only after `ok` and `raised` may it be used. */
  outcome: z.enum(['ok', 'raised', 'mismatch', 'newer', 'before']),
});
export type PeerClaim = z.output<typeof resultSchema>;

export const claimPeerScript = defineScript(new URL('./claim-peer.lua', import.meta.url), {
  decode: resultSchema.parse,
});

export interface PeerFacts {
  kind: PeerKind;
  /** Without its port. */
  host: string;
  /** Of the simulator, if one has told it. */
  instance?: string | undefined;
}

/** Finds whether a ledger may be used with a peer, and records the first one. */
export async function claimPeer(
  redis: RedisClient,
  account: string,
  { kind, host, instance = '' }: PeerFacts,
): Promise<PeerClaim> {
  const { peer } = accountKeys(account);
  const { batches, customers } = formerKeys(accountNameOf(account));
  // The version before knew only ledgers under this name.
  const data = kind === 'real' ? [batches, customers] : [];
  return claimPeerScript.run(redis, [peer, ...data], [kind, host, instance, SCHEMA]);
}
