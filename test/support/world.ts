/**
 * What a test of the pipeline stands on: a simulator, an account that no other test has, and a folder. Everything is
 * taken down after the test.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { type Account, accountsOf, findAccount } from '../../src/onboarding/accounts.ts';
import { readSettings } from '../../src/onboarding/config.ts';
import { closeAccount, type OpenAccount, openAccount } from '../../src/onboarding/open-account.ts';
import { openPeer } from '../../src/onboarding/open-peer.ts';
import type { Settings } from '../../src/onboarding/settings.ts';
import { connectRedis, type RedisClient } from '../../src/redis/connect.ts';
import { type Simulator, type StartOptions, startSimulator } from '../../src/sandbox/simulator/simulator.ts';
import type { SimulatedAccount } from '../../src/sandbox/simulator/state.ts';
import { uniqueName } from './redis.ts';

export interface World {
  simulator: Simulator;
  account: Account;
  settings: Settings;
  /** Environment for processes of their own. */
  environment: NodeJS.ProcessEnv;
  redis: RedisClient;
  /** The account as our own code sees it. */
  open: OpenAccount;
  folder: string;
  agreements: string;
}

export interface WorldOptions extends StartOptions {
  environment?: Record<string, string>;
  /** Calls per second of our side; the simulator has its own. */
  ourRate?: number;
  /** Another Redis than that of the run. */
  redisUrl?: string;
  /** Another door to the simulator. */
  endpoint?: string;
}

export async function createWorld({
  environment = {},
  ourRate = 5,
  redisUrl = inject('redisUrl'),
  endpoint,
  ...simulated
}: WorldOptions = {}): Promise<World> {
  // Two accounts may not have the same key, and the tests share a Redis.
  const simulator = await startSimulator({ accounts: [makeKey()], ...simulated });
  const places = await makePlaces();
  const env = { ...environmentOf(places, simulator), REDIS_URL: redisUrl, ...environment };
  await writeFile(
    places.accounts,
    JSON.stringify([{ ...makeAccount(endpoint ?? simulator.endpoint), rate: ourRate }]),
  );
  const settings = readSettings(env);
  const account = findAccount(accountsOf(settings), undefined);
  const redis = connectRedis(redisUrl, { waitsForever: true });
  const open = openAccount({ account, settings, redis, logger: createLogger(settings.logLevel) });
  onTestFinished(async () => {
    await closeAccount(open);
    redis.disconnect();
    await simulator.stop();
    // Workers that were just stopped may still be trying whether they can write to the store.
    await rm(places.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });
  const { folder, agreements } = places;
  return { simulator, account, settings, environment: env, redis, open, folder, agreements };
}

/** The account with the way to its peer, as workers have it. */
export function withPeer({ account, settings, environment, open }: World) {
  return { ...open, ...openPeer(account, settings, environment) };
}

interface Places {
  folder: string;
  agreements: string;
  /** The file for ONBOARD_ACCOUNTS. */
  accounts: string;
}

async function makePlaces(): Promise<Places> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-test-'));
  const agreements = join(folder, 'agreements');
  await mkdir(agreements);
  return { folder, agreements, accounts: join(folder, 'accounts.json') };
}

function environmentOf({ folder, accounts }: Places, simulator: Simulator): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AGREEMENT_STORE: join(folder, 'store'),
    ONBOARD_DRAFTS: join(folder, 'drafts'),
    ONBOARD_ACCOUNTS: accounts,
    // Wide enough for a busy test machine: five gaps may lose 100 ms.
    ONBOARD_PACE_GUARD_MS: '20',
    ONBOARD_LOCK_SECONDS: '3',
    CHATAPP_TIMEOUT_MS: '1500',
    OSS_TIMEOUT_MS: '2000',
    LOG_LEVEL: 'silent',
    ONBOARD_DURABILITY: inject('isDurableRedis') ? 'durable' : 'relaxed',
    ...simulator.environment,
  };
}

/** An account as a file for ONBOARD_ACCOUNTS has it. */
export function inputOf({ ledger: _ledger, ...input }: Account): Omit<Account, 'ledger'> {
  return input;
}

/** A key that no other test has. */
export function makeKey(): SimulatedAccount {
  return { accessKeyId: uniqueName('LTAI'), accessKeySecret: uniqueName('secret-') };
}

function makeAccount(endpoint: string) {
  return {
    name: uniqueName(),
    credentials: {
      type: 'env' as const,
      accessKeyId: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
      accessKeySecret: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    },
    endpoint,
  };
}
