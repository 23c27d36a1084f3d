/** The agreement store that the configuration names. */

import { parseBucketPlace } from '../agreement/bucket-place.ts';
import { createBucketStore } from '../agreement/bucket-store.ts';
import { type AgreementStore, createDirectoryStore } from '../agreement/store.ts';
import { createCredentialReader } from '../alibaba/credentials.ts';
import { defaultCredentials } from './accounts.ts';
import type { Config } from './config.ts';

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
