/** The accounts of an installation on one connection, each opened on first use. */
import { AppError } from '../errors.ts';
import { releaseKeys } from '../pace/register-key.ts';
import type { Traces } from '../queue/traces.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Durable } from '../redis/durable.ts';
import { explainRedisError } from '../redis/explain.ts';
import { ledgerNameOf, PEER_KINDS } from '../redis/keys.ts';
import { describePlace } from '../redis/open.ts';
import { assertDurable, assertSuitableRedis, type RedisCheck } from '../redis/suitability.ts';
import { type Account, accountsOf, findAccount } from './accounts.ts';
import { ApiKeys } from './api-keys.ts';
import type { Noted } from './check-submits.ts';
import { assertReadable, assertUsable, enterLedgers } from './enter-ledger.ts';
import { KeptAnswers } from './kept-answers.ts';
import { OneConnection, type OneConnectionOptions } from './one-connection.ts';
import type { OpenAccount } from './open-account.ts';
import { type LedgerAccount, openLedger } from './open-ledger.ts';
import { placeOf } from './settings.ts';

/** What a batch id may look like; anything else could name another key. */
const BATCH_ID = /^[\w-]{1,64}$/;

export interface OpenAccountsOptions extends OneConnectionOptions {
  /** Where credentials of the type `env` are found. */
  environment: NodeJS.ProcessEnv;
  now: () => number;
}

export class OpenAccounts {
  readonly #options: OpenAccountsOptions;
  readonly #connection: OneConnection;
  readonly #looked = new Map<string, LedgerAccount>();
  readonly #opened = new Map<string, Promise<OpenAccount>>();
  #checked: Promise<RedisCheck> | undefined;

  constructor(options: OpenAccountsOptions) {
    this.#options = options;
    this.#connection = new OneConnection(options);
  }

  /**
   * Connects, and checks once that this Redis is fit for our data.
   * @throws AppError REDIS_UNSUITABLE, REDIS_UNREACHABLE, REDIS_REFUSED
   */
  async check(): Promise<RedisCheck> {
    this.assertOpen();
    this.#checked ??= this.#connection
      .connect()
      .then(assertSuitableRedis)
      .catch((error: unknown) => {
        // Redis may be back next time.
        this.#checked = undefined;
        throw explainRedisError(error, describePlace(placeOf(this.#options.settings))) ?? error;
      });
    return this.#checked;
  }

  /** To be called before confirming anything that must not be lost. @throws AppError REDIS_NOT_DURABLE */
  async assertDurable(): Promise<void> {
    assertDurable(await this.check(), this.#options.settings.durability);
  }

  /** One account, or all, for reading. @throws AppError ACCOUNT_UNKNOWN, SCHEMA_NEWER */
  async look(name?: string): Promise<LedgerAccount[]> {
    const all = accountsOf(this.#options.settings);
    const wanted = name === undefined ? all : [findAccount(all, name)];
    await this.check();
    await Promise.all(wanted.map((account) => assertReadable(this.#connection.redis, account)));
    return wanted.map((account) => this.#look(account));
  }

  /** One account, for a person to decide about, whatever Redis holds of it. @throws AppError ACCOUNT_UNKNOWN */
  async lookAt(name?: string): Promise<LedgerAccount> {
    const account = findAccount(accountsOf(this.#options.settings), name);
    await this.check();
    return this.#look(account);
  }

  /** Frees the access keys of a name that need not be in the settings any more. */
  async releaseKeys(name: string, by: string): Promise<void> {
    await this.check();
    const ledgers = PEER_KINDS.map((kind) => ledgerNameOf(kind, name));
    await Promise.all(ledgers.map((ledger) => releaseKeys(this.#connection.redis, ledger)));
    this.#options.logger.warn({ event: 'access_keys_released', account: name, by }, 'access keys released');
  }

  /** Keys of the HTTP API, which are of the installation. */
  async apiKeys(): Promise<ApiKeys> {
    await this.check();
    const { settings, now } = this.#options;
    return new ApiKeys({ ...this.#connection.both(), durability: settings.durability, now });
  }

  /** Answers of the HTTP API, which are of the installation. */
  async keptAnswers(): Promise<KeptAnswers> {
    await this.check();
    return new KeptAnswers(this.#connection.redis);
  }

  async traces(): Promise<Traces> {
    const { openTraces } = await import('./open-account.ts');
    return openTraces(this.#options);
  }

  /** The account that has a batch, for reading. @throws AppError BATCH_UNKNOWN */
  async lookAtBatch(batchId: string): Promise<LedgerAccount> {
    for (const account of await this.look())
      if (BATCH_ID.test(batchId) && (await account.ledger.readBatch(batchId))) return account;
    throw new AppError('BATCH_UNKNOWN', `There is no batch ${batchId}.`);
  }

  /** The account that has a batch, with its queues. @throws AppError BATCH_UNKNOWN, ADOPTION_NEEDED, SCHEMA_NEWER */
  async openForBatch(batchId: string): Promise<OpenAccount> {
    const { account } = await this.lookAtBatch(batchId);
    await assertUsable(this.#connection.redis, account);
    return this.#open(account.name);
  }

  /** @param name by default the only account, or `default`. @throws AppError ACCOUNT_UNKNOWN, ADOPTION_NEEDED, SCHEMA_NEWER */
  async open(name?: string): Promise<OpenAccount> {
    const account = findAccount(accountsOf(this.#options.settings), name);
    await this.check();
    await assertUsable(this.#connection.redis, account);
    return this.#open(account.name);
  }

  /**
   * One account, for an import: its ledger gets its peer.
   * @throws AppError REDIS_NOT_DURABLE, PEER_MISMATCH, ADOPTION_NEEDED, SCHEMA_NEWER, ACCESS_KEY_SHARED
   */
  async enter(name?: string): Promise<OpenAccount> {
    await this.assertDurable();
    const open = await this.open(name);
    await enterLedgers({ ...this.#options, redis: this.#connection.redis }, [open.account]);
    return open;
  }

  /** How far the submits of an account have come, as its agreement store has noted it. */
  async readNoted(open: LedgerAccount): Promise<Noted> {
    const { readNoted } = await import('./check-submits.ts');
    return readNoted(open, this.#options.environment);
  }

  /** One account, or all, with their queues. @throws AppError ACCOUNT_UNKNOWN */
  async openEach(name?: string): Promise<OpenAccount[]> {
    if (name !== undefined) return [await this.open(name)];
    await this.check();
    return this.openAll();
  }

  /** All accounts, whether or not Redis can be reached now. @throws AppError REDIS_REFUSED if waiting does not help */
  async openAll(): Promise<OpenAccount[]> {
    await this.#connection.tryToConnect();
    return Promise.all(this.#options.settings.accounts.map(({ name }) => this.#open(name)));
  }

  /**
   * The connection, for what is of the installation, whether or not Redis can be reached now.
   * @throws AppError REDIS_REFUSED if waiting does not help
   */
  async connections(): Promise<{ redis: RedisClient; durable: Durable }> {
    await this.#connection.tryToConnect();
    return this.#connection.both();
  }

  /** Whether Redis answers within a few seconds. */
  isReachable(): Promise<boolean> {
    return this.#connection.isReachable();
  }

  async close(): Promise<void> {
    this.#connection.retire();
    if (this.#opened.size > 0) {
      const { closeAccount } = await import('./open-account.ts');
      await Promise.all([...this.#opened.values()].map(async (opened) => closeAccount(await opened)));
    }
    this.#connection.close();
  }

  /** @throws AppError INSTALLATION_CLOSED */
  assertOpen(): void {
    this.#connection.assertOpen();
  }

  #look(account: Account): LedgerAccount {
    const known =
      this.#looked.get(account.name) ?? openLedger({ ...this.#options, account, ...this.#connection.both() });
    this.#looked.set(account.name, known);
    return known;
  }

  #open(name: string): Promise<OpenAccount> {
    const known = this.#opened.get(name) ?? this.#openOnce(name);
    this.#opened.set(name, known);
    return known;
  }

  /** The queue library is loaded here, so that a read-only command does not wait for it. */
  async #openOnce(name: string): Promise<OpenAccount> {
    const { openTracedAccount } = await import('./open-account.ts');
    const account = findAccount(accountsOf(this.#options.settings), name);
    return openTracedAccount({ ...this.#options, account, ...this.#connection.both() });
  }
}
