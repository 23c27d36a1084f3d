/** Which peer a ledger is about. What one peer has accepted says nothing about another, so a ledger serves only one. */
import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';

/** Of the keys and values of a ledger, as this version writes them. */
export const SCHEMA = 2;

/** A hash; every script of the ledger may read its field `generation`. */
export const peerRecordSchema = z.object({
  kind: z.string(),
  /** Hosts without ports, separated by spaces; empty until a worker or an import has come. */
  hosts: z.string().transform((text) => text.split(' ').filter(Boolean)),
  /** Starts at 1 and rises with every new peer: what an earlier one has accepted leaves nothing `unchanged`. */
  generation: z.coerce.number(),
  schema: z.coerce.number(),
  /** Of the simulator, in a rehearsal against one that tells it; else empty. */
  instance: z.string(),
});
export type PeerRecord = z.output<typeof peerRecordSchema>;

/** @returns undefined before the first worker or import */
export async function readPeer(redis: RedisClient, account: string): Promise<PeerRecord | undefined> {
  const stored = await redis.hgetall(accountKeys(account).peer);
  return stored.generation === undefined ? undefined : peerRecordSchema.parse(stored);
}
