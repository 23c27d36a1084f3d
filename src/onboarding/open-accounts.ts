/** The accounts of an installation on one connection, each opened when it is first asked for. */
import pTimeout from 'p-timeout';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { connectRedis, type RedisClient } from '../redis/connect.ts';
import { assertSuitableRedis } from '../redis/suitability.ts';
import { type Account, accountsOf, findAccount } from './accounts.ts';
import type { OpenAccount } from './open-account.ts';
import { type LedgerAccount, openLedger } from './open-ledger.ts';
import type { Settings } from './settings.ts';

/** Who asks whether Redis is there, has little time. */
const ANSWER_MS_MAX = 2_000;

export interface OpenAccountsOptions {
  settings: Settings;
  logger: Logger;
  now: () => number;
  /** Whether a call that has begun waits for a Redis that is away, or fails soon. */
  waitsForRedis: boolean;
}

export class OpenAccounts {
  readonly #options: OpenAccountsOptions;
  readonly #looked = new Map<string, LedgerAccount>();
  readonly #opened = new Map<string, Promise<OpenAccount>>();
  #redis: RedisClient | undefined;
  #checked: Promise<string[]> | undefined;

  constructor(options: OpenAccountsOptions) {
    this.#options = options;
  }

  /**
   * Connects, and proves once that this Redis may hold our work.
   * @returns warnings to show
   * @throws AppError REDIS_UNSUITABLE, REDIS_UNREACHABLE
   */
  check(): Promise<string[]> {
    this.#checked ??= assertSuitableRedis(this.#connection()).catch((error: unknown) => {
      // Redis may be there the next time.
      this.#checked = undefined;
      throw error;
    });
    return this.#checked;
  }

  /** One account, or all, to look at. @throws AppError ACCOUNT_UNKNOWN */
  async look(name?: string): Promise<LedgerAccount[]> {
    const all = accountsOf(this.#options.settings);
    const wanted = name === undefined ? all : [findAccount(all, name)];
    await this.check();
    return wanted.map((account) => this.#look(account));
  }

  /** The account that has a batch, to look at. @throws AppError BATCH_UNKNOWN */
  async lookAtBatch(batchId: string): Promise<LedgerAccount> {
    for (const account of await this.look()) if (await account.ledger.readBatch(batchId)) return account;
    throw new AppError('BATCH_UNKNOWN', `There is no batch ${batchId}.`);
  }

  /** The account that has a batch, with its queues. @throws AppError BATCH_UNKNOWN */
  async openForBatch(batchId: string): Promise<OpenAccount> {
    const { account } = await this.lookAtBatch(batchId);
    return this.#open(account.name);
  }

  /** @param name the only account, or `default`, unless given. @throws AppError ACCOUNT_UNKNOWN */
  async open(name?: string): Promise<OpenAccount> {
    const account = findAccount(accountsOf(this.#options.settings), name);
    await this.check();
    return this.#open(account.name);
  }

  /** One account, or all, with their queues. @throws AppError ACCOUNT_UNKNOWN */
  async openEach(name?: string): Promise<OpenAccount[]> {
    if (name !== undefined) return [await this.open(name)];
    await this.check();
    return this.openAll();
  }

  /** All accounts, whether or not Redis can be reached now. */
  openAll(): Promise<OpenAccount[]> {
    return Promise.all(this.#options.settings.accounts.map(({ name }) => this.#open(name)));
  }

  /** Whether Redis answers, and soon: a connection may be silent, which takes longer to find out. */
  async isReachable(): Promise<boolean> {
    const ping = this.#connection().ping();
    return pTimeout(ping, { milliseconds: ANSWER_MS_MAX }).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    if (this.#opened.size > 0) {
      const { closeAccount } = await import('./open-account.ts');
      await Promise.all([...this.#opened.values()].map(async (opened) => closeAccount(await opened)));
    }
    this.#redis?.disconnect();
  }

  #connection(): RedisClient {
    const { settings, waitsForRedis, logger } = this.#options;
    this.#redis ??= connectRedis(settings.redisUrl, { waitsForever: waitsForRedis }, logger);
    return this.#redis;
  }

  #look(account: Account): LedgerAccount {
    const known =
      this.#looked.get(account.name) ?? openLedger({ ...this.#options, account, redis: this.#connection() });
    this.#looked.set(account.name, known);
    return known;
  }

  #open(name: string): Promise<OpenAccount> {
    const known = this.#opened.get(name) ?? this.#openOnce(name);
    this.#opened.set(name, known);
    return known;
  }

  /** The queue library is loaded here, so that a command that only looks does not wait for it. */
  async #openOnce(name: string): Promise<OpenAccount> {
    const { openAccount } = await import('./open-account.ts');
    const account = findAccount(accountsOf(this.#options.settings), name);
    return openAccount({ ...this.#options, account, redis: this.#connection() });
  }
}
