/** Whether an account's data in Redis is about the peer that is configured, and whether its key is its own. */
import { type Environment, readStaticKeyId } from '../alibaba/static-key.ts';
import { AppError } from '../errors.ts';
import { readLastAdoption } from '../ledger/adopt-peer.ts';
import { readPeer } from '../ledger/peer-record.ts';
import { readKeyHolder } from '../pace/register-key.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Account } from './accounts.ts';
import { assertUsable, keyShared, mismatch } from './enter-ledger.ts';
import type { Finding } from './finding.ts';
import { peerHostOf } from './peer-kind.ts';

interface Checked {
  redis: RedisClient;
  account: Account;
  /** Where credentials of the type `env` are found. */
  environment: Environment;
}

export async function checkLedger(checked: Checked): Promise<Finding[]> {
  return Promise.all([find('peer', checkPeer(checked)), find('access key', checkKey(checked))]);
}

/** @returns what is in order, in a few words. @throws AppError if something is not */
async function checkPeer({ redis, account }: Checked): Promise<string> {
  await assertUsable(redis, account);
  const host = peerHostOf(account.endpoint);
  const [record, adoption] = await Promise.all([
    readPeer(redis, account.ledger),
    readLastAdoption(redis, account.ledger),
  ]);
  const what = account.peer === 'real' ? `real, at ${host}` : `a rehearsal, at ${host}`;
  if (record === undefined || record.hosts.length === 0) return `${what}; Redis knows of nothing sent`;
  if (!record.hosts.includes(host)) throw mismatch(account.name, host, record);
  const by = adoption ? `, adopted by ${adoption.by} on ${new Date(adoption.at).toISOString()}` : '';
  return `${what}; generation ${record.generation}${by}`;
}

async function checkKey({ redis, account, environment }: Checked): Promise<string> {
  const accessKeyId = await readStaticKeyId(account.credentials, environment);
  if (accessKeyId === undefined)
    return 'not compared with other accounts: only a lasting key from the environment or a file can be';
  const holder = await readKeyHolder(redis, { account: account.ledger, accessKeyId });
  if (holder !== undefined && holder !== account.ledger) throw keyShared(account.name, holder);
  return 'no other account has it';
}

async function find(what: string, checking: Promise<string>): Promise<Finding> {
  try {
    return { what, isOk: true, text: await checking };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { what, isOk: false, text: error.message, hint: error.hint };
  }
}
