/**
 * What can be done with an installation: one method for each use case. Each checks its own preconditions, opens what it
 * needs, and records what a person did under the name given as `by`. Whatever changes something returns only when Redis
 * cannot forget it any more, or throws NOT_DURABLE_YET.
 */
import type { Workers, WorkersOrder } from '../workers/lifecycle.ts';
import type { AgreementStore } from './agreement/store.ts';
import type { AddCustomerOrder, AddedCustomer } from './batch/add-customer.ts';
import type { By } from './batch/by.ts';
import type { Cancelled } from './batch/cancel.ts';
import type { Checked, Imported, ImportOrder } from './batch/import.ts';
import type { Prioritized, PrioritizeOrder } from './batch/prioritize.ts';
import type { Purged } from './batch/purge.ts';
import type { Redriven, RedriveOrder } from './batch/redrive.ts';
import type { Resumed } from './batch/resume.ts';
import type { Settled, SettleOrder } from './batch/settle.ts';
import type { SourceOrder } from './batch/source-order.ts';
import type { Validated } from './batch/validate.ts';
import type { KooGallery } from './koogallery/koogallery.ts';
import type { Alerts } from './notify/alerts.ts';
import type { Tested } from './notify/test-receivers.ts';
import { type OfAccount, ofAccount, type Where } from './onboarding/account-view.ts';
import { accountsOf, findAccount } from './onboarding/accounts.ts';
import { durably, durablyNew } from './onboarding/durably.ts';
import type { Finding } from './onboarding/finding.ts';
import type { OpenAccount } from './onboarding/open-account.ts';
import { OpenAccounts } from './onboarding/open-accounts.ts';
import type { OnboardingOptions } from './onboarding/options.ts';
import { Recent } from './onboarding/recent.ts';
import type { Settings } from './onboarding/settings.ts';
import { ReadingCases } from './reading-cases.ts';

const ENTERED_MS = 10_000;

/** @see createOnboarding */
export class Onboarding extends ReadingCases {
  readonly settings: Settings;
  readonly #given: Required<OnboardingOptions>;
  #alerts: Alerts | undefined;
  /** Single customers come by the hundred: an account is not entered anew for each of them. */
  readonly #entered = new Recent<OpenAccount & { store: AgreementStore }>(ENTERED_MS);
  /** Includes starts in progress. */
  readonly #workers: Promise<Workers>[] = [];

  constructor(settings: Settings, given: Required<OnboardingOptions>) {
    super(new OpenAccounts({ settings, ...given }));
    this.settings = settings;
    this.#given = given;
  }

  /**
   * Connects to Redis and checks that it is fit for our data; every use case that needs Redis does this by itself.
   * @returns warnings for people
   * @throws AppError REDIS_UNSUITABLE, REDIS_UNREACHABLE
   */
  async checkRedis(): Promise<string[]> {
    return (await this.opened.check()).warnings;
  }

  /** Whether Redis answers now. */
  isReachable(): Promise<boolean> {
    return this.opened.isReachable();
  }

  /** Checks a source and its agreements; needs no Redis and enqueues nothing. */
  async validate(order: SourceOrder): Promise<Validated> {
    const { validate } = await import('./batch/validate.ts');
    return validate(this.settings.chatApp.ratePerSecond, order);
  }

  /** Registers a source as one batch of an account. @throws AppError INPUT_… if nothing was enqueued */
  async import(order: ImportOrder & Where): Promise<OfAccount<Imported>> {
    const { importBatch } = await import('./batch/import.ts');
    const account = await this.#withStore(await this.opened.enter(order.account));
    return ofAccount(account, await durablyNew(account, (open) => importBatch(open, order)));
  }

  /** Adds one customer to the stream of its day. @throws AppError INPUT_INVALID if nothing was enqueued */
  async addCustomer(order: AddCustomerOrder & Where): Promise<OfAccount<AddedCustomer>> {
    const { addCustomer } = await import('./batch/add-customer.ts');
    const account = await this.#enter(order.account);
    return ofAccount(account, await durablyNew(account, (open) => addCustomer(open, order)));
  }

  #enter(account: string | undefined) {
    return this.#entered.get(account ?? '', async () => this.#withStore(await this.opened.enter(account)));
  }

  /**
   * The batch that an earlier run of the same request began, if all of its rows are there: that run may have been killed
   * before it knew that Redis keeps them. @throws AppError NOT_DURABLE_YET; BATCH_STATE if it was cancelled
   */
  async findImported(requestKey: string, { account }: Where): Promise<string | undefined> {
    const { findImported } = await import('./batch/find-imported.ts');
    return durablyNew(await this.opened.open(account), (open) => findImported(open, requestKey));
  }

  /** Checks everything that an import would check, but enqueues nothing. */
  async dryRun(order: ImportOrder & Where): Promise<Checked> {
    const { dryRun } = await import('./batch/import.ts');
    return dryRun(await this.#withStore(await this.opened.open(order.account)), order);
  }

  /** Completes one particular batch whose import was interrupted; the same source is needed. */
  async resumeImport(batchId: string, order: ImportOrder & Where): Promise<OfAccount<Imported>> {
    const { resumeImport } = await import('./batch/resume-import.ts');
    const account = await this.#withStore(await this.opened.enter(order.account));
    return ofAccount(account, await durablyNew(account, (open) => resumeImport(open, batchId, order)));
  }

  /** @throws AppError STORE_MISMATCH: no worker would find the agreements */
  async #withStore(open: OpenAccount) {
    const { openStoreOf } = await import('./onboarding/open-store.ts');
    return { ...open, store: await openStoreOf(open, this.#given.environment) };
  }

  /** Enqueues failed or cancelled rows of a batch again. */
  async redrive(batchId: string, order: RedriveOrder): Promise<OfAccount<Redriven>> {
    const { redrive } = await import('./batch/redrive.ts');
    return this.#doTo(batchId, (open) => redrive(open, batchId, order));
  }

  /** Stops sending a batch until it is resumed; calls in progress finish. */
  async pause(batchId: string, by: By): Promise<OfAccount<object>> {
    const { pauseBatch } = await import('./batch/pause.ts');
    return this.#doTo(batchId, async (open) => {
      await pauseBatch(open, batchId, by);
      return {};
    });
  }

  /** Resumes a paused batch. */
  async resume(batchId: string, by: By): Promise<OfAccount<Resumed>> {
    const { resume } = await import('./batch/resume.ts');
    return this.#doTo(batchId, (open) => resume(open, batchId, by));
  }

  /** Changes which batches go before it, and which after it. */
  async prioritize(batchId: string, order: PrioritizeOrder): Promise<OfAccount<Prioritized>> {
    const { prioritize } = await import('./batch/prioritize.ts');
    return this.#doTo(batchId, (open) => prioritize(open, batchId, order));
  }

  /** Stops sending a batch; calls in progress finish. */
  async cancel(batchId: string, by: By): Promise<OfAccount<Cancelled>> {
    const { cancel } = await import('./batch/cancel.ts');
    return this.#doTo(batchId, (open) => cancel(open, batchId, by));
  }

  /** Decides a parked row. */
  async settle(batchId: string, order: SettleOrder): Promise<OfAccount<Settled>> {
    const { settle } = await import('./batch/settle.ts');
    return this.#doTo(batchId, (open) => settle(open, batchId, order));
  }

  /** Deletes a finished batch and its customers' data. */
  async purge(batchId: string, by: By): Promise<OfAccount<Purged>> {
    const { purge } = await import('./batch/purge.ts');
    return this.#doTo(batchId, (open) => purge(open, batchId, by));
  }

  /** Changes a batch, in the account to which it belongs. */
  async #doTo<T>(batchId: string, change: (open: OpenAccount) => Promise<T>): Promise<OfAccount<T>> {
    const account = await this.opened.openForBatch(batchId);
    return ofAccount(account, await durably(account, change));
  }

  /** Whether this installation would work, one finding at a time; makes one real call for each account. */
  async *doctor(): AsyncGenerator<Finding> {
    const { examine } = await import('./onboarding/doctor.ts');
    const { checkUploads } = await import('./draft/uploads-folder.ts');
    const { findLeftBehind } = await import('./koogallery/known-channels.ts');
    const slugs = this.settings.koogallery.channels.map(({ slug }) => slug);
    const examined = { settings: this.settings, ...this.#given };
    yield* examine({
      ...examined,
      others: async (redis) => [
        await checkUploads(this.settings.http.draftsFolder),
        ...(await findLeftBehind(redis, slugs)),
      ],
    });
  }

  /**
   * Starts the workers of this process; `close` stops them.
   * @throws AppError REDIS_UNSUITABLE, REDIS_UNREACHABLE, REDIS_NOT_DURABLE, ACCOUNT_UNKNOWN,
   * PEER_MISMATCH, ADOPTION_NEEDED, SCHEMA_NEWER, WORKERS_RUNNING, ACCESS_KEY_SHARED
   */
  startWorkers(options: WorkersOrder = {}): Promise<Workers> {
    const starting = this.#startWorkers(options);
    this.#workers.push(starting);
    return starting;
  }

  async #startWorkers({ accounts: names, concurrency = this.settings.workers.concurrency }: WorkersOrder) {
    this.opened.assertOpen();
    const { startWorkers } = await import('../workers/lifecycle.ts');
    const all = accountsOf(this.settings);
    const accounts = names?.map((name) => findAccount(all, name)) ?? all;
    return startWorkers({ settings: this.settings, accounts, concurrency, ...this.#given });
  }

  /**
   * Alerts people from this process too, if the settings say whom: workers do it by themselves, but cannot tell that they
   * are gone. `close` ends it.
   * @throws AppError CONFIG_INVALID
   */
  async startAlerts(): Promise<void> {
    this.opened.assertOpen();
    const { startAlerts } = await import('./onboarding/open-alerts.ts');
    const { channelWatches } = await import('./koogallery/watches.ts');
    const openWatches = channelWatches(this);
    this.#alerts ??= startAlerts({ settings: this.settings, ...this.#given, openWatches });
  }

  /** Sends a test to one receiver of alerts, or to all. @returns what each of them answered */
  async testAlerts({ channel }: { channel?: string | undefined } = {}): Promise<Tested[]> {
    const { testReceivers } = await import('./notify/test-receivers.ts');
    const { fillIn } = await import('./notify/receivers.ts');
    const receivers = fillIn(this.settings.alerts, this.#given.environment);
    return testReceivers(receivers, { name: channel, way: { proxy: this.settings.proxy } });
  }

  /** The seller's side of Huawei Cloud KooGallery. @throws AppError CONFIG_INVALID if the environment lacks a secret */
  async koogallery(): Promise<KooGallery> {
    this.opened.assertOpen();
    const { KooGallery } = await import('./koogallery/koogallery.ts');
    return new KooGallery({
      ...{ settings: this.settings, ...this.#given },
      connections: () => this.opened.connections(),
      assertDurable: () => this.opened.assertDurable(),
      storeOf: async (account) => (await this.#enter(account)).store,
    });
  }

  /** Stops the workers that were started here and closes every connection. It cannot be used afterwards. */
  async close(): Promise<void> {
    const closing = Promise.all([this.opened.close(), this.#alerts?.stop()]);
    const started = await Promise.allSettled(this.#workers);
    await Promise.all(
      started.map((start) => (start.status === 'fulfilled' ? start.value.stop() : undefined)),
    );
    await closing;
  }
}
