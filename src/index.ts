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
export type * from './batch/add-customer.ts';
export type * from './batch/adopt.ts';
export type * from './batch/by.ts';
export type * from './batch/cancel.ts';
export type * from './batch/customer-story.ts';
export type * from './batch/follow.ts';
export type * from './batch/forecast.ts';
export type * from './batch/import.ts';
export type * from './batch/list.ts';
export type * from './batch/prioritize.ts';
export type * from './batch/purge.ts';
export type * from './batch/rate.ts';
export type * from './batch/recover.ts';
export type * from './batch/redrive.ts';
export type * from './batch/results.ts';
export type * from './batch/resume.ts';
export type * from './batch/review.ts';
export type * from './batch/review-file.ts';
export type * from './batch/review-texts.ts';
export type * from './batch/reviews-awaited.ts';
export type * from './batch/reviews-page.ts';
export type * from './batch/row-story.ts';
export type * from './batch/rows-page.ts';
export type * from './batch/schedule.ts';
export type * from './batch/settle.ts';
export type * from './batch/source-order.ts';
export type * from './batch/status.ts';
export type * from './batch/validate.ts';
export type { ErrorCode } from './error-codes.ts';
export type { AppError } from './errors.ts';
export type { CheckOrder } from './koogallery/check/check-channels.ts';
export type { CheckFinding } from './koogallery/check/check-finding.ts';
export type { Confirmation } from './koogallery/check/confirmations.ts';
export type { Sample, SampleTerms } from './koogallery/check/sample.ts';
export type * from './koogallery/instance-view.ts';
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
