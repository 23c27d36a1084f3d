/** The agreement store that the configuration names. */
import { defaultCredentials } from '../account/account.ts';
import { createCredentialReader } from '../account/credentials.ts';
import type { Config } from '../config.ts';
import { parseBucketPlace } from './bucket-place.ts';
import { createBucketStore } from './bucket-store.ts';
import { type AgreementStore, createDirectoryStore } from './store.ts';

export function openAgreementStore(config: Config, environment: NodeJS.ProcessEnv): AgreementStore {
  const place = parseBucketPlace(config.AGREEMENT_STORE);
  if (place === undefined) return createDirectoryStore(config.AGREEMENT_STORE);
  const region = config.OSS_REGION ?? config.CHATAPP_REGION;
  return createBucketStore({
    ...place,
    endpoint: config.AGREEMENT_STORE_ENDPOINT ?? `https://oss-${region}.aliyuncs.com`,
    region,
    signature: config.OSS_SIGNATURE,
    timeoutMs: config.OSS_TIMEOUT_MS,
    readCredentials: createCredentialReader(defaultCredentials(config), environment),
  });
}
