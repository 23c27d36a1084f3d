/** Whether this installation would work, one finding at a time: settings, agreement store, Redis, each account. */
import { compareStore } from '../agreement/identity.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { RedisClient } from '../redis/connect.ts';
import { explainRedisError } from '../redis/explain.ts';
import { describePlace, openRedis } from '../redis/open.ts';
import { whileAnswering } from '../redis/while-answering.ts';
import { plural } from '../text.ts';
import { accountsOf } from './accounts.ts';
import { checkAccount } from './check-account.ts';
import { checkLedger } from './check-ledger.ts';
import { findForgotten } from './check-submits.ts';
import { examineRedis, findingOfRedis } from './examine-redis.ts';
import type { Finding } from './finding.ts';
import { closeAccount, openAccount } from './open-account.ts';
import { openPeer } from './open-peer.ts';
import { openAgreementStore } from './open-store.ts';
import { placeOf, type Settings } from './settings.ts';

const UNVERIFIED: Finding = {
  what: 'TLS',
  isOk: false,
  text: 'certificates are not verified (NODE_TLS_REJECT_UNAUTHORIZED=0): anybody on the way can read and answer',
  hint: 'Unset it. For an authority of your own, use NODE_EXTRA_CA_CERTS, or REDIS_CA for Redis.',
};

export interface Examined {
  settings: Settings;
  /** Where credentials of the type `env` are found. */
  environment: NodeJS.ProcessEnv;
  logger: Logger;
  now: () => number;
  /** What other parts of the program find. */
  others?: (redis: RedisClient) => Promise<Finding[]>;
}

export async function* examine(examined: Examined): AsyncGenerator<Finding> {
  const { settings, environment } = examined;
  yield { what: 'configuration', isOk: true, text: plural(settings.accounts.length, 'account') };
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0') yield UNVERIFIED;
  yield await checkStore(settings, environment);
  const redis = await openRedis(placeOf(settings), { waitsForever: true }).catch(findingOfRedis);
  if ('what' in redis) {
    yield redis;
    return;
  }
  try {
    yield* whileAnswering(redis, examineThrough(examined, redis));
  } catch (error) {
    yield findingOfRedis(explainRedisError(error, describePlace(placeOf(settings))) ?? error);
  } finally {
    redis.disconnect();
  }
}

async function* examineThrough(examined: Examined, redis: RedisClient): AsyncGenerator<Finding> {
  yield* await examineRedis(examined, redis);
  yield* (await examined.others?.(redis)) ?? [];
  yield* examineAccounts(examined, redis);
}

async function* examineAccounts(examined: Examined, redis: RedisClient): AsyncGenerator<Finding> {
  const { settings, environment } = examined;
  const store = await openAgreementStore(settings, environment);
  for (const account of accountsOf(settings)) {
    const mismatch = await findingOfStore(() => compareStore({ redis, account: account.ledger }, store));
    const open = openAccount({ ...examined, account, redis });
    const name = (finding: Finding) => ({ ...finding, what: `${account.name}: ${finding.what}` });
    if (mismatch) yield name({ ...mismatch, what: 'agreement store' });
    try {
      const forgotten = await findForgotten(open, store);
      if (forgotten) yield name(forgotten);
      const ofLedger = await checkLedger({ redis, account, environment });
      yield* ofLedger.map(name);
      // A call would go to a peer that this ledger is not about.
      const mayAsk = ofLedger.every(({ isOk }) => isOk);
      const peer = openPeer(account, settings, environment);
      yield* (await checkAccount({ ...open, ...peer, mayAsk })).map(name);
    } finally {
      await closeAccount(open);
    }
  }
}

async function checkStore(settings: Settings, environment: NodeJS.ProcessEnv): Promise<Finding> {
  const store = await openAgreementStore(settings, environment);
  const what = 'agreement store';
  return {
    what,
    ...((await findingOfStore(() => store.check())) ?? { isOk: true, text: store.description }),
  };
}

/** @returns undefined if nothing is wrong */
async function findingOfStore(check: () => Promise<void>): Promise<Omit<Finding, 'what'> | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { isOk: false, text: error.message, hint: error.hint };
  }
}
