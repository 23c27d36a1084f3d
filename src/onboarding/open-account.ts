/** Everything that one account needs to work: opened together, passed on explicitly, closed together. */

import type { AgreementStore } from '../agreement/store.ts';
import { ChatApp } from '../alibaba/chatapp/client.ts';
import { createCredentialReader, type ReadCredentials } from '../alibaba/credentials.ts';
import { isLoopbackHost } from '../alibaba/loopback.ts';
import type { EndpointRules } from '../alibaba/oss/endpoint.ts';
import { createLedger, type Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../logger.ts';
import { type Breaker, createBreaker } from '../pace/breaker.ts';
import { createPacer, type Pacer } from '../pace/pacer.ts';
import { type AccountQueues, openQueues } from '../queue/queues.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Account } from './accounts.ts';
import type { Config } from './config.ts';
import { openAgreementStore } from './open-store.ts';

export interface AccountRuntime {
  account: Account;
  config: Config;
  ledger: Ledger;
  pacer: Pacer;
  breaker: Breaker;
  queues: AccountQueues;
  chatApp: ChatApp;
  store: AgreementStore;
  readCredentials: ReadCredentials;
  endpointRules: EndpointRules;
  logger: Logger;
}

export interface RuntimeOptions {
  account: Account;
  config: Config;
  redis: RedisClient;
  logger: Logger;
  environment: NodeJS.ProcessEnv;
}

export function openRuntime({ account, config, redis, logger, environment }: RuntimeOptions): AccountRuntime {
  const probeEveryMs = config.ONBOARD_PROBE_SECONDS * 1000;
  return {
    account,
    config,
    ledger: createLedger(redis, account.name),
    pacer: createPacer(redis, {
      account: account.name,
      rate: account.rate,
      guardMs: config.ONBOARD_PACE_GUARD_MS,
      probeEveryMs,
    }),
    breaker: createBreaker(redis, account.name, probeEveryMs),
    queues: openQueues(redis, account.name),
    chatApp: new ChatApp({ account, timeoutMs: config.CHATAPP_TIMEOUT_MS }),
    store: openAgreementStore(config, environment),
    readCredentials: createCredentialReader(account.credentials, environment),
    endpointRules: {
      allowedSuffixes: config.OSS_ENDPOINT_ALLOW.split(',')
        .map((suffix) => suffix.trim())
        .filter(Boolean),
      allowsLoopback: isLoopbackHost(new URL(account.endpoint).hostname),
    },
    logger: logger.child({ account: account.name }),
  };
}
