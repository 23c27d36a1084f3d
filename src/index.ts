/**
 * The public entry. The command line, the HTTP server and the workers go through it, and so does a program that uses this
 * as a library. Errors that a person can act on are `AppError`s with a code from the closed list.
 */
import { type OnboardingOptions, withDefaults } from './onboarding/options.ts';
import { parseSettings, type SettingsInput } from './onboarding/settings.ts';
import { Onboarding } from './use-cases.ts';

/**
 * @example
 * const onboarding = createOnboarding({ accounts: [{ name: 'default', credentials: { type: 'file', path: 'key.json' } }] });
 * @throws AppError CONFIG_INVALID that names every invalid setting
 */
export function createOnboarding(settings: SettingsInput, options: OnboardingOptions = {}): Onboarding {
  const complete = parseSettings(settings);
  return new Onboarding(complete, withDefaults(options, complete));
}

export type { Workers, WorkersOrder } from '../workers/lifecycle.ts';
export type { AccountStanding } from '../workers/standing.ts';
export type { AddCustomerOrder, AddedCustomer } from './batch/add-customer.ts';
export type { Adopted, AdoptOrder } from './batch/adopt.ts';
export type { By } from './batch/by.ts';
export type { Cancelled } from './batch/cancel.ts';
export type { CustomerStory, StoryRow } from './batch/customer-story.ts';
export type { Snapshot } from './batch/follow.ts';
export type { Forecast, ForecastOrder } from './batch/forecast.ts';
export type { Checked, Imported, ImportOrder } from './batch/import.ts';
export type { BatchesOrder, BatchesPage, ListedBatch } from './batch/list.ts';
export type { Prioritized, PrioritizeOrder } from './batch/prioritize.ts';
export type { Purged } from './batch/purge.ts';
export type { Rate, RatePoint } from './batch/rate.ts';
export type { Recovered } from './batch/recover.ts';
export type { Redriven, RedriveOrder, RowLeft } from './batch/redrive.ts';
export type { ResultFile, ResultFilesOrder, ResultKind, ResultsOrder } from './batch/results.ts';
export type { Resumed, ResumedAccount } from './batch/resume.ts';
export type { Reviewed, ReviewOrder } from './batch/review.ts';
export type { ReviewFileOrder, ReviewsRecorded } from './batch/review-file.ts';
export type { ReviewTexts } from './batch/review-texts.ts';
export type { AwaitedReview, ReviewsOrder } from './batch/reviews-awaited.ts';
export type { AwaitedPlace, ListedReview, ReviewsPage, ReviewsPageOrder } from './batch/reviews-page.ts';
export type { RowStory } from './batch/row-story.ts';
export type { ReviewedRow, RowsPage } from './batch/rows-page.ts';
export type { Schedule } from './batch/schedule.ts';
export type { Settled, SettleOrder } from './batch/settle.ts';
export type { SourceOrder } from './batch/source-order.ts';
export type { BatchStatus } from './batch/status.ts';
export type { Validated } from './batch/validate.ts';
export type { ErrorCode } from './error-codes.ts';
export type { AppError } from './errors.ts';
export type { CheckOrder } from './koogallery/check/check-channels.ts';
export type { CheckFinding } from './koogallery/check/check-finding.ts';
export type { Confirmation } from './koogallery/check/confirmations.ts';
export type { Sample, SampleTerms } from './koogallery/check/sample.ts';
export type { InstanceView, TaskView } from './koogallery/instance-view.ts';
export type { ChannelMeasures } from './koogallery/lifecycle/measure-channel.ts';
export type { MeasuredChannel } from './koogallery/reading-channels.ts';
export type { LicenseCounts } from './koogallery/registry/count-licenses.ts';
export type { AuditedCall, CallsOrder, CallsPage } from './koogallery/registry/list-calls.ts';
export type { InstancesOrder, InstancesPage } from './koogallery/registry/list-instances.ts';
export type { UsageMeasures } from './koogallery/usage/measure-usage.ts';
export type { UsageRecord } from './koogallery/usage/usage-record.ts';
export type { Batch } from './ledger/batch-record.ts';
export type { LogEntry } from './ledger/log.ts';
export type { Observation } from './ledger/observations.ts';
export type { AccountMeasures } from './onboarding/account-measures.ts';
export type { AccountView, OfAccount, Where } from './onboarding/account-view.ts';
export type { AccountWork } from './onboarding/account-work.ts';
export type { Finding } from './onboarding/finding.ts';
export type { Hold, HoldReason } from './onboarding/holds.ts';
export type { OnboardingOptions } from './onboarding/options.ts';
export type { Settings, SettingsInput } from './onboarding/settings.ts';
export type { LivingWorker } from './pace/heartbeats.ts';
export type { Onboarding } from './use-cases.ts';
