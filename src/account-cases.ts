/** What can be done with whole accounts; the use cases of batches build on it. */
import type { Adopted, AdoptOrder } from './batch/adopt.ts';
import type { By } from './batch/by.ts';
import type { Recovered } from './batch/recover.ts';
import type { ResumedAccount } from './batch/resume.ts';
import type { Schedule } from './batch/schedule.ts';
import type { AccountMeasures, AccountView, OfAccount, Where } from './onboarding/account-view.ts';
import { measureAccount, ofAccount, ofEach, viewAccount } from './onboarding/account-view.ts';
import type { ApiKeys } from './onboarding/api-keys.ts';
import { durably } from './onboarding/durably.ts';
import type { OpenAccounts } from './onboarding/open-accounts.ts';
import type { AccountQueues } from './queue/queues.ts';
import type { StepName } from './redis/keys.ts';

export class AccountCases {
  protected readonly opened: OpenAccounts;

  constructor(opened: OpenAccounts) {
    this.opened = opened;
  }

  /** Stops sending for an account until it is resumed; calls in progress finish. */
  async pauseAccount({ account, by }: By & Where): Promise<OfAccount<object>> {
    const { pauseAccount } = await import('./batch/pause.ts');
    const open = await this.opened.open(account);
    await durably(open, () => pauseAccount(open, { by }));
    return ofAccount(open, {});
  }

  /** Resumes an account that was paused or whose breaker is open. */
  async resumeAccount({ account, by }: By & Where): Promise<OfAccount<ResumedAccount>> {
    const { resumeAccount } = await import('./batch/resume.ts');
    const open = await this.opened.open(account);
    return ofAccount(open, await durably(open, () => resumeAccount(open, { by })));
  }

  /** Decides whom the ledger of an account is about. */
  async adoptAccount(order: AdoptOrder & { account: string }): Promise<Adopted> {
    const { adoptAccount } = await import('./batch/adopt.ts');
    return durably(await this.opened.lookAt(order.account), (open) => adoptAccount(open, order));
  }

  /** Lets another name have the access key of an account that is no longer in use. */
  async releaseKeys({ account, by }: By & { account: string }): Promise<void> {
    await this.opened.releaseKeys(account, by);
  }

  /** Goes on with an account after a backup of Redis was put back; rows that may have been sent since are marked. */
  async recoverAccount({ account, by }: By & Where): Promise<OfAccount<Recovered>> {
    const { recover } = await import('./batch/recover.ts');
    const open = await this.opened.open(account);
    return ofAccount(open, await durably(open, () => recover(open, { by })));
  }

  /** When failed rows are retried, for one account or for all. */
  async schedules({ account }: Where = {}): Promise<OfAccount<Schedule>[]> {
    const { readSchedule } = await import('./batch/schedule.ts');
    return ofEach(await this.opened.openEach(account), readSchedule);
  }

  /** Sets when failed rows are retried, for one account or for all. */
  async setSchedule(order: By & Where & { cron: string }): Promise<OfAccount<Schedule>[]> {
    const { setSchedule } = await import('./batch/schedule.ts');
    const accounts = await this.opened.openEach(order.account);
    return ofEach(accounts, (each) => durably(each, (open) => setSchedule(open, order)));
  }

  /** Pace, breaker, outage and pause of every account. */
  async accounts(): Promise<OfAccount<AccountView>[]> {
    return ofEach(await this.opened.look(), viewAccount);
  }

  /** What dashboards measure of every account. */
  async measures(): Promise<OfAccount<AccountMeasures>[]> {
    return ofEach(await this.opened.openEach(), measureAccount);
  }

  /** Keys of the HTTP API: who may use it, and how. */
  apiKeys(): Promise<ApiKeys> {
    return this.opened.apiKeys();
  }

  /** The queues of both steps of every account, for a dashboard. */
  async queues(): Promise<AccountQueues[StepName][]> {
    return (await this.opened.openAll()).flatMap(({ queues }) => [queues.upload, queues.submit]);
  }
}
