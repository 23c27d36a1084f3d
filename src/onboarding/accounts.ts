/** The accounts that an installation serves. */
import type { CredentialSource } from '../alibaba/credential-source.ts';
import { AppError } from '../errors.ts';
import { ledgerNameOf, type PeerKind } from '../redis/keys.ts';
import { judgePeer } from './peer-kind.ts';
import type { Settings } from './settings.ts';

/** The account that is meant if there are several and none is named. */
export const DEFAULT_ACCOUNT = 'default';

export interface Account {
  name: string;
  peer: PeerKind;
  /** Begins all its keys in Redis; see `ledgerNameOf`. */
  ledger: string;
  credentials: CredentialSource;
  /** Scheme and host of Chat App. */
  endpoint: string;
  region: string;
  /** Calls per second, for each operation. */
  rate: number;
}

/** What an account leaves out comes from the installation. @throws AppError CONFIG_INVALID if settings were not parsed */
export function accountsOf({ accounts, chatApp }: Settings): Account[] {
  return accounts.map(({ name, credentials, ...own }) => {
    const endpoint = own.endpoint ?? chatApp.endpoint;
    const { kind: peer, problem } = judgePeer(endpoint, own.peer ?? chatApp.peer);
    if (peer === undefined) throw new AppError('CONFIG_INVALID', `The peer of account ${name} ${problem}.`);
    return {
      name,
      peer,
      ledger: ledgerNameOf(peer, name),
      credentials,
      endpoint,
      region: own.region ?? chatApp.region,
      rate: own.rate ?? chatApp.ratePerSecond,
    };
  });
}

/** @throws AppError ACCOUNT_UNKNOWN */
export function findAccount(accounts: readonly Account[], name: string | undefined): Account {
  const wanted = name ?? (accounts.length === 1 ? accounts[0]?.name : DEFAULT_ACCOUNT);
  const account = accounts.find((candidate) => candidate.name === wanted);
  if (account) return account;
  const names = accounts.map((candidate) => candidate.name).join(', ');
  throw new AppError('ACCOUNT_UNKNOWN', `There is no account "${wanted}"; there are: ${names}.`);
}
