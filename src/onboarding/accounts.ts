/** The accounts that an installation serves. */
import type { CredentialSource } from '../alibaba/credential-source.ts';
import { AppError } from '../errors.ts';
import type { Settings } from './settings.ts';

/** The account that is meant if there are several and none is named. */
export const DEFAULT_ACCOUNT = 'default';

export interface Account {
  name: string;
  credentials: CredentialSource;
  /** Scheme and host of Chat App. */
  endpoint: string;
  region: string;
  /** Calls per second, for each operation. */
  rate: number;
}

/** What an account leaves out comes from the installation. */
export function accountsOf({ accounts, chatApp }: Settings): Account[] {
  return accounts.map(({ name, credentials, ...own }) => ({
    name,
    credentials,
    endpoint: own.endpoint ?? chatApp.endpoint,
    region: own.region ?? chatApp.region,
    rate: own.rate ?? chatApp.ratePerSecond,
  }));
}

/** @throws AppError ACCOUNT_UNKNOWN */
export function findAccount(accounts: readonly Account[], name: string | undefined): Account {
  const wanted = name ?? (accounts.length === 1 ? accounts[0]?.name : DEFAULT_ACCOUNT);
  const account = accounts.find((candidate) => candidate.name === wanted);
  if (account) return account;
  const names = accounts.map((candidate) => candidate.name).join(', ');
  throw new AppError('ACCOUNT_UNKNOWN', `There is no account "${wanted}"; there are: ${names}.`);
}
