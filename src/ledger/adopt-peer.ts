import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys, accountNameOf } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import type { PeerFacts } from './claim-peer.ts';
import { type PeerRecord, peerRecordSchema, SCHEMA } from './peer-record.ts';

const ADOPTIONS_MAX = 100;

const resultSchema = peerRecordSchema.extend({ outcome: z.enum(['ok', 'newer']) });

export const adoptPeerScript = defineScript(new URL('./adopt-peer.lua', import.meta.url), {
  decode: resultSchema.parse,
});

export interface Adoption extends Omit<PeerFacts, 'host'> {
  /** Absent if the peer is not the one of this configuration. */
  host: string | undefined;
  /** `new` begins a new generation with this host alone; `same` adds the host. */
  how: 'new' | 'same';
  by: string;
}

/** Records whom a person says that a ledger is about, and who said so. @throws AppError SCHEMA_NEWER */
export async function adoptPeer(
  redis: RedisClient,
  account: string,
  { kind, host = '', instance = '', how, by }: Adoption,
): Promise<PeerRecord> {
  const { peer, adoptions } = accountKeys(account);
  const values = [kind, host, instance, SCHEMA, how, by, ADOPTIONS_MAX];
  const { outcome, ...record } = await adoptPeerScript.run(redis, [peer, adoptions], values);
  if (outcome === 'newer') throw schemaNewer(account, record);
  return record;
}

export function schemaNewer(account: string, { schema }: Pick<PeerRecord, 'schema'>): AppError {
  const message = `Account ${accountNameOf(account)}: Redis holds schema ${schema}; this version knows up to ${SCHEMA}.`;
  return new AppError('SCHEMA_NEWER', message);
}

const adoptionSchema = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  by: z.string(),
  how: z.enum(['new', 'same']),
  host: z.string(),
  generation: z.number(),
});

/** The last time that a person said whom a ledger is about. */
export async function readLastAdoption(
  redis: RedisClient,
  account: string,
): Promise<z.output<typeof adoptionSchema> | undefined> {
  const text = await redis.lindex(accountKeys(account).adoptions, -1);
  return text === null ? undefined : adoptionSchema.parse(JSON.parse(text));
}
