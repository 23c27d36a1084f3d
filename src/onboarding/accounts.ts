/** The accounts that this installation serves. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type CredentialSource, credentialSourceSchema } from '../alibaba/credentials.ts';
import { AppError } from '../errors.ts';
import type { Config } from './config.ts';

const DEFAULT_ACCOUNT = 'default';
/** Most accounts in one installation. */
const ACCOUNTS_MAX = 1_000;

export interface Account {
  name: string;
  credentials: CredentialSource;
  endpoint: string;
  region: string;
  /** Calls per second, for each operation. */
  rate: number;
}

const accountsFileSchema = z
  .array(
    z.strictObject({
      name: z
        .string()
        .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'must be lower-case letters, digits, "-" and "_", 40 at most'),
      credentials: credentialSourceSchema,
      endpoint: z.string().optional(),
      region: z.string().optional(),
      rate: z.number().int().min(1).max(1000).optional(),
    }),
  )
  .min(1)
  .max(ACCOUNTS_MAX)
  .refine(
    (accounts) => new Set(accounts.map(({ name }) => name)).size === accounts.length,
    'every name must be there once',
  );

/** @throws AppError CONFIG_INVALID where the accounts file cannot be used. */
export function loadAccounts(config: Config): Account[] {
  const defaults = {
    endpoint: config.CHATAPP_ENDPOINT,
    region: config.CHATAPP_REGION,
    rate: config.CHATAPP_RATE_PER_SECOND,
  };
  if (config.ONBOARD_ACCOUNTS === undefined)
    return [{ name: DEFAULT_ACCOUNT, credentials: defaultCredentials(config), ...defaults }];
  const result = accountsFileSchema.safeParse(readJson(config.ONBOARD_ACCOUNTS));
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new AppError('CONFIG_INVALID', `ONBOARD_ACCOUNTS: ${problems.join('; ')}`);
  }
  return result.data.map(({ name, credentials, ...own }) => ({
    name,
    credentials,
    endpoint: own.endpoint ?? defaults.endpoint,
    region: own.region ?? defaults.region,
    rate: own.rate ?? defaults.rate,
  }));
}

/** The source of the account `default`, and of the agreement store where that is a bucket. */
export function defaultCredentials(config: Config): CredentialSource {
  if (config.ONBOARD_CREDENTIALS !== 'env') return { type: config.ONBOARD_CREDENTIALS };
  return {
    type: 'env',
    accessKeyId: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
    accessKeySecret: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    securityToken: 'ALIBABA_CLOUD_SECURITY_TOKEN',
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // The parser quotes the text it stumbled over; a file about credentials must not be quoted.
    const what = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new AppError('CONFIG_INVALID', `ONBOARD_ACCOUNTS: ${path} ${what}.`);
  }
}

/** @throws AppError ACCOUNT_UNKNOWN */
export function findAccount(accounts: readonly Account[], name: string | undefined): Account {
  const wanted = name ?? (accounts.length === 1 ? accounts[0]?.name : DEFAULT_ACCOUNT);
  const account = accounts.find((candidate) => candidate.name === wanted);
  if (account) return account;
  const names = accounts.map((candidate) => candidate.name).join(', ');
  throw new AppError('ACCOUNT_UNKNOWN', `There is no account "${wanted}". There are: ${names}.`);
}
