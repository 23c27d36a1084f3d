/**
 * What can be done with an installation: one method for each use case. Each checks its own preconditions, opens what it
 * needs, and records what a person did under the name given as `by`.
 */
import type { Workers } from '../workers/lifecycle.ts';
import type { By } from './batch/by.ts';
import type { Cancelled } from './batch/cancel.ts';
import { follow, type Snapshot } from './batch/follow.ts';
import type { Checked, Imported, ImportOrder } from './batch/import.ts';
import type { Purged } from './batch/purge.ts';
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
import { measureAccount, ofEach, viewAccount } from './onboarding/account-view.ts';
import { accountsOf, findAccount } from './onboarding/accounts.ts';
import type { Finding } from './onboarding/finding.ts';
import { OpenAccounts } from './onboarding/open-accounts.ts';
import type { OnboardingOptions } from './onboarding/options.ts';
import type { Settings } from './onboarding/settings.ts';
import type { AccountQueues } from './queue/queues.ts';
import type { StepName } from './redis/keys.ts';

export interface WorkersOrder {
  /** Names of the accounts to serve; all by default. */
  accounts?: readonly string[];
  /** Jobs run at a time, for each queue. */
  concurrency?: number;
}

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
  async import(order: ImportOrder & Where): Promise<Imported> {
    const { importBatch } = await import('./batch/import.ts');
    await this.#accounts.assertDurable();
    return importBatch(await this.#importing(order.account), order);
  }

  /** Checks everything that an import would check, but enqueues nothing. */
  async dryRun(order: ImportOrder & Where): Promise<Checked> {
    const { dryRun } = await import('./batch/import.ts');
    return dryRun(await this.#importing(order.account), order);
  }

  /** Completes one particular batch whose import was interrupted; the same source is needed. */
  async resumeImport(batchId: string, order: ImportOrder & Where): Promise<Imported> {
    const { resumeImport } = await import('./batch/resume-import.ts');
    await this.#accounts.assertDurable();
    return resumeImport(await this.#importing(order.account), batchId, order);
  }

  /** @throws AppError STORE_MISMATCH: no worker would find the agreements */
  async #importing(name: string | undefined) {
    const { openStoreOf } = await import('./onboarding/open-store.ts');
    const account = await this.#accounts.open(name);
    return { ...account, store: await openStoreOf(account, this.#given.environment) };
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
  async redrive(batchId: string, order: RedriveOrder): Promise<Redriven> {
    const { redrive } = await import('./batch/redrive.ts');
    return redrive(await this.#accounts.openForBatch(batchId), batchId, order);
  }

  /** Resumes a paused batch. */
  async resume(batchId: string, by: By): Promise<Resumed> {
    const { resume } = await import('./batch/resume.ts');
    return resume(await this.#accounts.openForBatch(batchId), batchId, by);
  }

  /** Stops sending a batch; calls in progress finish. */
  async cancel(batchId: string, by: By): Promise<Cancelled> {
    const { cancel } = await import('./batch/cancel.ts');
    return cancel(await this.#accounts.openForBatch(batchId), batchId, by);
  }

  /** Decides a parked row. */
  async settle(batchId: string, order: SettleOrder): Promise<Settled> {
    const { settle } = await import('./batch/settle.ts');
    return settle(await this.#accounts.openForBatch(batchId), batchId, order);
  }

  /** Deletes a finished batch and its customers' data. */
  async purge(batchId: string, by: By): Promise<Purged> {
    const { purge } = await import('./batch/purge.ts');
    return purge(await this.#accounts.openForBatch(batchId), batchId, by);
  }

  /** Stops sending for an account until it is resumed; calls in progress finish. */
  async pauseAccount({ account, by }: By & Where): Promise<OfAccount<object>> {
    const { pauseAccount } = await import('./batch/pause.ts');
    const open = await this.#accounts.open(account);
    await pauseAccount(open, { by });
    return { account: open.account.name };
  }

  /** Resumes an account that was paused or whose breaker is open. */
  async resumeAccount({ account, by }: By & Where): Promise<OfAccount<ResumedAccount>> {
    const { resumeAccount } = await import('./batch/resume.ts');
    const open = await this.#accounts.open(account);
    return { account: open.account.name, ...(await resumeAccount(open, { by })) };
  }

  /** When failed rows are retried, for one account or for all. */
  async schedules({ account }: Where = {}): Promise<OfAccount<Schedule>[]> {
    const { readSchedule } = await import('./batch/schedule.ts');
    return ofEach(await this.#accounts.openEach(account), readSchedule);
  }

  /** Sets when failed rows are retried, for one account or for all. */
  async setSchedule(order: By & Where & { cron: string }): Promise<OfAccount<Schedule>[]> {
    const { setSchedule } = await import('./batch/schedule.ts');
    return ofEach(await this.#accounts.openEach(order.account), (open) => setSchedule(open, order));
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
   * @throws AppError REDIS_UNSUITABLE, REDIS_UNREACHABLE, REDIS_NOT_DURABLE, ACCOUNT_UNKNOWN
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
