/** The accounts of an installation on one connection, each opened when it is first asked for. */
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { connectRedis, type RedisClient } from '../redis/connect.ts';
import { assertSuitableRedis } from '../redis/suitability.ts';
import { accountsOf, findAccount } from './accounts.ts';
import { closeAccount, type OpenAccount, openAccount } from './open-account.ts';
import type { Settings } from './settings.ts';

export interface OpenAccountsOptions {
  settings: Settings;
  logger: Logger;
  now: () => number;
  /** Whether a call that has begun waits for a Redis that is away, or fails soon. */
  waitsForRedis: boolean;
}

export class OpenAccounts {
  readonly #options: OpenAccountsOptions;
  readonly #opened = new Map<string, OpenAccount>();
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

  /** @param name the only account, or `default`, unless given. @throws AppError ACCOUNT_UNKNOWN */
  async get(name?: string): Promise<OpenAccount> {
    const account = findAccount(accountsOf(this.#options.settings), name);
    await this.check();
    return this.#open(account.name);
  }

  /** One account, or all of them. @throws AppError ACCOUNT_UNKNOWN */
  async select(name: string | undefined): Promise<OpenAccount[]> {
    if (name !== undefined) return [await this.get(name)];
    await this.check();
    return this.openAll();
  }

  /** All accounts, whether or not Redis can be reached now. */
  openAll(): OpenAccount[] {
    return this.#options.settings.accounts.map(({ name }) => this.#open(name));
  }

  /** The account that has a batch. @throws AppError BATCH_UNKNOWN */
  async withBatch(batchId: string): Promise<OpenAccount> {
    for (const account of await this.select(undefined))
      if (await account.ledger.readBatch(batchId)) return account;
    throw new AppError('BATCH_UNKNOWN', `There is no batch ${batchId}.`);
  }

  async isReachable(): Promise<boolean> {
    return this.#connection()
      .ping()
      .then(
        () => true,
        () => false,
      );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened.values()].map(closeAccount));
    this.#redis?.disconnect();
  }

  #connection(): RedisClient {
    const { settings, waitsForRedis, logger } = this.#options;
    this.#redis ??= connectRedis(settings.redisUrl, { waitsForever: waitsForRedis }, logger);
    return this.#redis;
  }

  #open(name: string): OpenAccount {
    const known = this.#opened.get(name);
    if (known) return known;
    const account = findAccount(accountsOf(this.#options.settings), name);
    const opened = openAccount({ ...this.#options, account, redis: this.#connection() });
    this.#opened.set(name, opened);
    return opened;
  }
}
