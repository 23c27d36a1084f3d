/**
 * What can be done with an installation: one method for each use case. Each checks its own preconditions, opens what it
 * needs, and records what a person did under the name given as `by`. Whatever changes something returns only when Redis
 * cannot forget it any more, or throws NOT_DURABLE_YET.
 */
import type { Workers, WorkersOrder } from '../workers/lifecycle.ts';
import type { Adopted, AdoptOrder } from './batch/adopt.ts';
import type { By } from './batch/by.ts';
import type { Cancelled } from './batch/cancel.ts';
import { follow, type Snapshot } from './batch/follow.ts';
import type { Checked, Imported, ImportOrder } from './batch/import.ts';
import type { Purged } from './batch/purge.ts';
import type { Recovered } from './batch/recover.ts';
import type { Redriven, RedriveOrder } from './batch/redrive.ts';
import type { ResultFile, ResultFilesOrder, ResultKind, ResultsOrder } from './batch/results.ts';
import type { Resumed, ResumedAccount } from './batch/resume.ts';
import type { Schedule } from './batch/schedule.ts';
import type { Settled, SettleOrder } from './batch/settle.ts';
import type { SourceOrder } from './batch/source-order.ts';
import { type BatchStatus, readStatus } from './batch/status.ts';
import type { Validated } from './batch/validate.ts';
import type { Batch } from './ledger/batch-record.ts';
import type { LogEntry } from './ledger/log.ts';
import type { AccountMeasures, AccountView, OfAccount, Where } from './onboarding/account-view.ts';
import { measureAccount, ofAccount, ofEach, viewAccount } from './onboarding/account-view.ts';
import { accountsOf, findAccount } from './onboarding/accounts.ts';
import { durably, durablyNew } from './onboarding/durably.ts';
import type { Finding } from './onboarding/finding.ts';
import type { OpenAccount } from './onboarding/open-account.ts';
import { OpenAccounts } from './onboarding/open-accounts.ts';
import type { OnboardingOptions } from './onboarding/options.ts';
import type { Settings } from './onboarding/settings.ts';
import type { AccountQueues } from './queue/queues.ts';
import type { StepName } from './redis/keys.ts';

/** @see createOnboarding */
export class Onboarding {
  readonly settings: Settings;
  readonly #given: Required<OnboardingOptions>;
  readonly #accounts: OpenAccounts;
  /** Includes starts in progress. */
  readonly #workers: Promise<Workers>[] = [];

  constructor(settings: Settings, given: Required<OnboardingOptions>) {
    this.settings = settings;
    this.#given = given;
    this.#accounts = new OpenAccounts({ settings, ...given });
  }

  /**
   * Connects to Redis and checks that it is fit for our data; every use case that needs Redis does this by itself.
   * @returns warnings for people
   * @throws AppError REDIS_UNSUITABLE, REDIS_UNREACHABLE
   */
  async checkRedis(): Promise<string[]> {
    return (await this.#accounts.check()).warnings;
  }

  /** Whether Redis answers now. */
  isReachable(): Promise<boolean> {
    return this.#accounts.isReachable();
  }

  /** Checks a source and its agreements; needs no Redis and enqueues nothing. */
  async validate(order: SourceOrder): Promise<Validated> {
    const { validate } = await import('./batch/validate.ts');
    return validate(this.settings.chatApp.ratePerSecond, order);
  }

  /** Registers a source as one batch of an account. @throws AppError INPUT_… if nothing was enqueued */
  async import(order: ImportOrder & Where): Promise<OfAccount<Imported>> {
    const { importBatch } = await import('./batch/import.ts');
    const account = await this.#withStore(await this.#accounts.enter(order.account));
    return ofAccount(account, await durablyNew(account, (open) => importBatch(open, order)));
  }

  /** Checks everything that an import would check, but enqueues nothing. */
  async dryRun(order: ImportOrder & Where): Promise<Checked> {
    const { dryRun } = await import('./batch/import.ts');
    return dryRun(await this.#withStore(await this.#accounts.open(order.account)), order);
  }

  /** Completes one particular batch whose import was interrupted; the same source is needed. */
  async resumeImport(batchId: string, order: ImportOrder & Where): Promise<OfAccount<Imported>> {
    const { resumeImport } = await import('./batch/resume-import.ts');
    const account = await this.#withStore(await this.#accounts.enter(order.account));
    return ofAccount(account, await durablyNew(account, (open) => resumeImport(open, batchId, order)));
  }

  async #withStore(open: OpenAccount) {
    const { openAgreementStore } = await import('./onboarding/open-store.ts');
    return { ...open, store: await openAgreementStore(this.settings, this.#given.environment) };
  }

  /** The newest batches of one account, or of all, the newest first. */
  async batches({ limit, account }: Where & { limit: number }): Promise<Batch[]> {
    const accounts = await this.#accounts.look(account);
    const lists = await Promise.all(accounts.map(({ ledger }) => ledger.listBatches(limit)));
    return lists
      .flat()
      .sort((a, b) => b.created - a.created)
      .slice(0, limit);
  }

  /** Where a batch stands, its redrives and its account included. */
  async status(batchId: string): Promise<BatchStatus> {
    return readStatus(await this.#accounts.lookAtBatch(batchId), batchId);
  }

  /** Yields where a batch stands, twice a second, until nothing more happens to it on its own. */
  async *follow(batchId: string): AsyncGenerator<Snapshot> {
    yield* follow(await this.#accounts.lookAtBatch(batchId), batchId);
  }

  /** What people did to a batch, oldest first. */
  async log(batchId: string): Promise<LogEntry[]> {
    return (await this.#accounts.lookAtBatch(batchId)).ledger.readLog(batchId);
  }

  /** Writes the proof: three files into a directory. */
  async writeResultFiles(batchId: string, order: ResultFilesOrder): Promise<ResultFile[]> {
    const { writeResultFiles } = await import('./batch/results.ts');
    return writeResultFiles((await this.#accounts.lookAtBatch(batchId)).ledger, batchId, order);
  }

  /** Streams the proof, each kind of rows to its output. @returns rows of each kind */
  async writeResults(batchId: string, order: ResultsOrder): Promise<Record<ResultKind, number>> {
    const { writeResults } = await import('./batch/results.ts');
    return writeResults((await this.#accounts.lookAtBatch(batchId)).ledger, batchId, order);
  }

  /** Enqueues failed or cancelled rows of a batch again. */
  async redrive(batchId: string, order: RedriveOrder): Promise<OfAccount<Redriven>> {
    const { redrive } = await import('./batch/redrive.ts');
    const account = await this.#accounts.openForBatch(batchId);
    return ofAccount(account, await durably(account, (open) => redrive(open, batchId, order)));
  }

  /** Stops sending a batch until it is resumed; calls in progress finish. */
  async pause(batchId: string, by: By): Promise<void> {
    const { pauseBatch } = await import('./batch/pause.ts');
    await durably(await this.#accounts.openForBatch(batchId), (open) => pauseBatch(open, batchId, by));
  }

  /** Resumes a paused batch. */
  async resume(batchId: string, by: By): Promise<Resumed> {
    const { resume } = await import('./batch/resume.ts');
    return durably(await this.#accounts.openForBatch(batchId), (open) => resume(open, batchId, by));
  }

  /** Stops sending a batch; calls in progress finish. */
  async cancel(batchId: string, by: By): Promise<Cancelled> {
    const { cancel } = await import('./batch/cancel.ts');
    return durably(await this.#accounts.openForBatch(batchId), (open) => cancel(open, batchId, by));
  }

  /** Decides a parked row. */
  async settle(batchId: string, order: SettleOrder): Promise<Settled> {
    const { settle } = await import('./batch/settle.ts');
    return durably(await this.#accounts.openForBatch(batchId), (open) => settle(open, batchId, order));
  }

  /** Deletes a finished batch and its customers' data. */
  async purge(batchId: string, by: By): Promise<Purged> {
    const { purge } = await import('./batch/purge.ts');
    return durably(await this.#accounts.openForBatch(batchId), (open) => purge(open, batchId, by));
  }

  /** Stops sending for an account until it is resumed; calls in progress finish. */
  async pauseAccount({ account, by }: By & Where): Promise<OfAccount<object>> {
    const { pauseAccount } = await import('./batch/pause.ts');
    const open = await this.#accounts.open(account);
    await durably(open, () => pauseAccount(open, { by }));
    return ofAccount(open, {});
  }

  /** Resumes an account that was paused or whose breaker is open. */
  async resumeAccount({ account, by }: By & Where): Promise<OfAccount<ResumedAccount>> {
    const { resumeAccount } = await import('./batch/resume.ts');
    const open = await this.#accounts.open(account);
    return ofAccount(open, await durably(open, () => resumeAccount(open, { by })));
  }

  /** Decides whom the ledger of an account is about. */
  async adoptAccount(order: AdoptOrder & { account: string }): Promise<Adopted> {
    const { adoptAccount } = await import('./batch/adopt.ts');
    return durably(await this.#accounts.lookAt(order.account), (open) => adoptAccount(open, order));
  }

  /** Lets another name have the access key of an account that is no longer in use. */
  async releaseKeys({ account, by }: By & { account: string }): Promise<void> {
    await this.#accounts.releaseKeys(account, by);
  }

  /** Goes on with an account after a backup of Redis was put back; rows that may have been sent since are marked. */
  async recoverAccount({ account, by }: By & Where): Promise<OfAccount<Recovered>> {
    const { recover } = await import('./batch/recover.ts');
    const open = await this.#accounts.open(account);
    return ofAccount(open, await durably(open, () => recover(open, { by })));
  }

  /** When failed rows are retried, for one account or for all. */
  async schedules({ account }: Where = {}): Promise<OfAccount<Schedule>[]> {
    const { readSchedule } = await import('./batch/schedule.ts');
    return ofEach(await this.#accounts.openEach(account), readSchedule);
  }

  /** Sets when failed rows are retried, for one account or for all. */
  async setSchedule(order: By & Where & { cron: string }): Promise<OfAccount<Schedule>[]> {
    const { setSchedule } = await import('./batch/schedule.ts');
    const accounts = await this.#accounts.openEach(order.account);
    return ofEach(accounts, (each) => durably(each, (open) => setSchedule(open, order)));
  }

  /** Pace, breaker, outage and pause of every account. */
  async accounts(): Promise<OfAccount<AccountView>[]> {
    return ofEach(await this.#accounts.look(), viewAccount);
  }

  /** What dashboards measure of every account. */
  async measures(): Promise<OfAccount<AccountMeasures>[]> {
    return ofEach(await this.#accounts.openEach(), measureAccount);
  }

  /** The queues of both steps of every account, for a dashboard. */
  async queues(): Promise<AccountQueues[StepName][]> {
    return (await this.#accounts.openAll()).flatMap(({ queues }) => [queues.upload, queues.submit]);
  }

  /** Whether this installation would work, one finding at a time; makes one real call for each account. */
  async *doctor(): AsyncGenerator<Finding> {
    const { examine } = await import('./onboarding/doctor.ts');
    yield* examine({ settings: this.settings, ...this.#given });
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
    this.#accounts.assertOpen();
    const { startWorkers } = await import('../workers/lifecycle.ts');
    const all = accountsOf(this.settings);
    const accounts = names?.map((name) => findAccount(all, name)) ?? all;
    return startWorkers({ settings: this.settings, accounts, concurrency, ...this.#given });
  }

  /** Stops the workers that were started here and closes every connection. It cannot be used afterwards. */
  async close(): Promise<void> {
    const closing = this.#accounts.close();
    const started = await Promise.allSettled(this.#workers);
    await Promise.all(
      started.map((start) => (start.status === 'fulfilled' ? start.value.stop() : undefined)),
    );
    await closing;
  }
}
