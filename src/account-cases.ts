/** What can be done with whole accounts; the use cases of batches build on it. */
import type { Adopted, AdoptOrder } from './batch/adopt.ts';
import type { By } from './batch/by.ts';
import type { CustomerStory } from './batch/customer-story.ts';
import type { Recovered } from './batch/recover.ts';
import type { ResumedAccount } from './batch/resume.ts';
import type { Reviewed, ReviewOrder } from './batch/review.ts';
import type { ReviewFileOrder, ReviewsRecorded } from './batch/review-file.ts';
import type { AwaitedReview, ReviewsOrder } from './batch/reviews-awaited.ts';
import type { ReviewsPage, ReviewsPageOrder } from './batch/reviews-page.ts';
import type { Schedule } from './batch/schedule.ts';
import { AppError } from './errors.ts';
import type { AwaitedCounts } from './ledger/awaited.ts';
import type { AlertCount } from './notify/counts.ts';
import { type AccountMeasures, measureAccount } from './onboarding/account-measures.ts';
import type { AccountView, OfAccount, Where } from './onboarding/account-view.ts';
import { ofAccount, ofEach, viewAccount } from './onboarding/account-view.ts';
import { type AccountWork, viewWork } from './onboarding/account-work.ts';
import type { ApiKeys } from './onboarding/api-keys.ts';
import { durably } from './onboarding/durably.ts';
import type { KeptAnswers } from './onboarding/kept-answers.ts';
import type { OpenAccounts } from './onboarding/open-accounts.ts';
import type { AccountQueues } from './queue/queues.ts';
import type { Traces } from './queue/traces.ts';
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
    // Asked before anything is written: the store may take its time.
    const noted = await this.opened.readNoted(open);
    return ofAccount(open, await durably(open, () => recover(open, { by, ...noted })));
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

  /** Records how the peer has reviewed a customer, as a person found out. */
  async recordReview(order: ReviewOrder & Where): Promise<OfAccount<Reviewed>> {
    const { recordReview } = await import('./batch/review.ts');
    const open = await this.#accountOf(order);
    return ofAccount(open, await durably(open, () => recordReview(open, order)));
  }

  /** Records the reviews of a file. @throws AppError INPUT_… if nothing was recorded */
  async recordReviews(order: ReviewFileOrder & Where): Promise<OfAccount<ReviewsRecorded>> {
    const { recordReviewFile } = await import('./batch/review-file.ts');
    const open = await this.opened.open(order.account);
    return ofAccount(open, await durably(open, () => recordReviewFile(open, order)));
  }

  /** A batch belongs to one account, whatever else is said. */
  #accountOf({ account, batchId }: { batchId?: string | undefined } & Where) {
    return batchId === undefined ? this.opened.open(account) : this.opened.openForBatch(batchId);
  }

  /** Yields the submits whose reviews nobody has recorded yet, of one account, those that have waited longest first. */
  async *reviewsAwaited({
    account,
    ...order
  }: ReviewsOrder & Where): AsyncGenerator<OfAccount<AwaitedReview>> {
    const { iterateAwaited } = await import('./batch/reviews-awaited.ts');
    for (const open of await this.opened.look(account))
      for await (const awaited of iterateAwaited(open, order)) yield ofAccount(open, awaited);
  }

  /** How many reviews are awaited, of one account or of all. */
  async countReviews({ account }: Where = {}): Promise<OfAccount<AwaitedCounts>[]> {
    return ofEach(await this.opened.look(account), ({ ledger, now, settings }) =>
      ledger.countAwaited({ now: now(), overdueDays: settings.reviewDays }),
    );
  }

  /** Everything still kept that happened to a customer, by account. @throws AppError CUSTOMER_UNKNOWN */
  async customer(custSpaceId: string, { account }: Where = {}): Promise<OfAccount<CustomerStory>[]> {
    const { readStory } = await import('./batch/customer-story.ts');
    const accounts = await this.opened.look(account);
    const stories = await Promise.all(
      accounts.map(async (open) => {
        const story = await readStory(open, custSpaceId);
        return story === undefined ? [] : [ofAccount(open, story)];
      }),
    );
    const found = stories.flat();
    if (found.length > 0) return found;
    throw new AppError('CUSTOMER_UNKNOWN', `Nothing is known of a customer ${custSpaceId}.`);
  }

  /** Pace, breaker, outage and pause of every account. */
  async accounts(): Promise<OfAccount<AccountView>[]> {
    return ofEach(await this.opened.look(), viewAccount);
  }

  /** The same with the work that is left, of one account or of all. @throws AppError ACCOUNT_UNKNOWN */
  async accountsAtWork({ account }: Where = {}): Promise<OfAccount<AccountWork>[]> {
    return ofEach(await this.opened.look(account), viewWork);
  }

  /** A page of the submits that await their reviews, of one account or of all. */
  async reviewsPage({ account, ...order }: ReviewsPageOrder & Where): Promise<ReviewsPage> {
    const { readReviewsPage } = await import('./batch/reviews-page.ts');
    return readReviewsPage(await this.opened.look(account), order);
  }

  /** What dashboards measure of every account. */
  async measures(): Promise<OfAccount<AccountMeasures>[]> {
    return ofEach(await this.opened.openEach(), measureAccount);
  }

  /** How many alerts arrived, and how many tries failed, since there are any. */
  async alertCounts(): Promise<AlertCount[]> {
    const accounts = await this.opened.look();
    const { alertKindOf } = await import('./onboarding/open-alerts.ts');
    const { readAlertCounts } = await import('./notify/counts.ts');
    const [first] = accounts;
    return first ? readAlertCounts(first.redis, alertKindOf(accounts.map(({ account }) => account))) : [];
  }

  /** Keys of the HTTP API: who may use it, and how. */
  apiKeys(): Promise<ApiKeys> {
    return this.opened.apiKeys();
  }

  /** Answers to requests of the HTTP API that may be repeated. */
  keptAnswers(): Promise<KeptAnswers> {
    return this.opened.keptAnswers();
  }

  /** Spans of what happens here, if they are wanted. @throws AppError CONFIG_INVALID if they cannot be had */
  traces(): Promise<Traces> {
    return this.opened.traces();
  }

  /** The queues of both steps of every account, for a dashboard. */
  async queues(): Promise<AccountQueues[StepName][]> {
    return (await this.opened.openAll()).flatMap(({ queues }) => [queues.upload, queues.submit]);
  }
}
