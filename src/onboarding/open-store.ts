/** The agreement store that the settings name. */

import { type BucketPlace, parseBucketPlace } from '../agreement/bucket-place.ts';
import { claimStore, compareStore } from '../agreement/identity.ts';
import { type AgreementStore, createDirectoryStore } from '../agreement/store.ts';
import { accountsOf } from './accounts.ts';
import type { LedgerAccount } from './open-ledger.ts';
import type { Settings } from './settings.ts';

/** @param environment where credentials of the type `env` are found */
export async function openAgreementStore(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<AgreementStore> {
  const { place } = settings.agreementStore;
  const bucket = parseBucketPlace(place);
  return bucket === undefined ? createDirectoryStore(place) : openBucketStore(bucket, settings, environment);
}

/**
 * The same for an import into one account. An account that uses no store yet begins to use this one when the first
 * agreement is kept in it.
 * @throws AppError STORE_MISMATCH if the account uses another store; STORE_UNREACHABLE
 */
export async function openStoreOf(
  { account, redis, settings }: Pick<LedgerAccount, 'account' | 'redis' | 'settings'>,
  environment: NodeJS.ProcessEnv,
): Promise<AgreementStore> {
  const store = await openAgreementStore(settings, environment);
  const access = { redis, account: account.ledger };
  await compareStore(access, store);
  let claimed: Promise<unknown> | undefined;
  async function put(sha256: string, content: Buffer): Promise<void> {
    claimed ??= claimStore(access, store);
    await claimed;
    await store.put(sha256, content);
  }
  return { ...store, put };
}

async function openBucketStore(
  bucket: BucketPlace,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<AgreementStore> {
  // Loaded only if it is needed: the SDK would be most of a command's start-up time.
  const [{ createBucketStore }, { createCredentialReader }] = await Promise.all([
    import('../agreement/bucket-store.ts'),
    import('../alibaba/credentials.ts'),
  ]);
  const { agreementStore, oss, chatApp } = settings;
  const [first] = accountsOf(settings);
  const credentials = agreementStore.credentials ?? first?.credentials;
  if (credentials === undefined) throw new Error('Settings have at least one account.');
  const region = oss.region ?? chatApp.region;
  return createBucketStore({
    ...bucket,
    endpoint: agreementStore.endpoint ?? `https://oss-${region}.aliyuncs.com`,
    region,
    signature: oss.signature,
    timeoutMs: oss.timeoutMs,
    proxy: settings.proxy,
    readCredentials: createCredentialReader(credentials, environment),
  });
}
