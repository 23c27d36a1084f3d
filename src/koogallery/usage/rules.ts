/**
 * All documented rules of a record of usage, checked before anything is sent: the marketplace checks them only after it has
 * answered, and then nobody is told (docs/koogallery-sources.md). Pure.
 */
import type { ChannelSettings } from '../../onboarding/koogallery-settings.ts';
import { unitsOf } from './decimal.ts';
import { AGE_MS_MAX, parseUsageTime } from './windows.ts';

type Site = ChannelSettings['site'];

/** A record as it was given. */
export interface GivenUsage {
  meteringSn?: string | undefined;
  instanceId: string;
  relatedPackage?: string | undefined;
  productId?: string | undefined;
  recordTime?: string | undefined;
  beginTime: string;
  endTime: string;
  value: string;
}

/** What the registry knows of an instance; times in milliseconds since 1970. */
export interface InstanceFacts {
  createdAt: number;
  releasedAt?: number | undefined;
  /** Undefined if nobody knows. */
  isPayPerUse?: boolean | undefined;
}

export interface RuleContext {
  site: Site;
  /** Whether `productId` goes with each record. */
  interface: 'new' | 'old';
  now: number;
  /** By instance id, as far as the registry knows them. */
  instances: ReadonlyMap<string, InstanceFacts>;
  /** Instances that the registry does not know are let through. */
  mayBeUnknown: boolean;
}

/** The closed list of what can be wrong, each with what to do. */
export const USAGE_REASONS = {
  INSTANCE_MISSING: 'Name the pay-per-use instance.',
  ID_TOO_LONG: 'Ids and metering_sn have 1 to 64 printable characters without spaces.',
  INSTANCE_UNKNOWN:
    'No such instance was bought here; add --unknown-instances if another program answers for it.',
  INSTANCE_NOT_PAY_PER_USE: 'Name the pay-per-use instance; a package goes into relatedPackage.',
  PACKAGE_IS_INSTANCE: 'relatedPackage names the package, instanceId the pay-per-use instance beside it.',
  PRODUCT_MISSING: 'The old interface needs productId.',
  TIME_INVALID: 'Write times in UTC: 20220809T080000Z or 2022-08-09T08:00:00Z.',
  RANGE_REVERSED: 'begin_time must not be after end_time.',
  NOT_OVER_YET: 'end_time must not be in the future.',
  RECORD_TIME_EARLY: 'record_time must not be before end_time or in the future.',
  TOO_OLD: 'The marketplace refuses usage that began more than 21 days ago.',
  BEFORE_INSTANCE: 'begin_time must not be before the instance was created.',
  AFTER_RELEASE: 'end_time must not be after the instance was released.',
  VALUE_INVALID: 'Write a decimal number with at most 4 places, without sign, exponent or leading zeros.',
  VALUE_ZERO: 'The value must be greater than 0.',
  VALUE_TOO_LARGE: 'The value is too large for the marketplace.',
  SN_TAKEN: 'This metering_sn belongs to another record.',
  SPAN_TAKEN: 'There is a record of this instance with the same begin and end; only the first would count.',
} as const;
export type UsageReason = keyof typeof USAGE_REASONS;

/** A record that may be sent. */
export interface CheckedUsage {
  meteringSn?: string | undefined;
  instanceId: string;
  relatedPackage?: string | undefined;
  productId?: string | undefined;
  begin: number;
  end: number;
  recordTime: number;
  value: string;
  /** Ten-thousandths. */
  units: bigint;
}

/** Digits before the point: Double(12,4) outside of China; there a text of 20, of which sums must stay exact. */
const WHOLE_DIGITS_MAX: Readonly<Record<Site, number>> = { cn: 12, intl: 8, eu: 8 };
const VALUE_LENGTH_MAX = 20;
const ID = /^[\x21-\x7e]{1,64}$/;

/** @returns everything that is wrong with it, or the record */
export function checkUsage(given: GivenUsage, context: RuleContext): CheckedUsage | UsageReason[] {
  const { instanceId, relatedPackage, productId, meteringSn, value } = given;
  const reasons = new Set<UsageReason>();
  if (instanceId === '') reasons.add('INSTANCE_MISSING');
  for (const id of [instanceId, relatedPackage, productId, meteringSn])
    if (id !== undefined && id !== '' && !ID.test(id)) reasons.add('ID_TOO_LONG');
  if (relatedPackage !== undefined && relatedPackage === instanceId) reasons.add('PACKAGE_IS_INSTANCE');
  if (context.interface === 'old' && !productId) reasons.add('PRODUCT_MISSING');
  const units = checkValue(value, context.site, reasons);
  const times = checkTimes(given, context.now, reasons);
  if (times !== undefined && instanceId !== '') checkInstance(given, { ...times, context }, reasons);
  if (reasons.size > 0 || times === undefined || units === undefined) return [...reasons];
  return { meteringSn, instanceId, relatedPackage, productId, ...times, value, units };
}

function checkValue(value: string, site: Site, reasons: Set<UsageReason>): bigint | undefined {
  const units = unitsOf(value);
  const [whole = ''] = value.split('.');
  if (units === undefined) reasons.add('VALUE_INVALID');
  else if (units === 0n) reasons.add('VALUE_ZERO');
  else if (whole.length > WHOLE_DIGITS_MAX[site] || value.length > VALUE_LENGTH_MAX)
    reasons.add('VALUE_TOO_LARGE');
  return units;
}

function checkTimes({ beginTime, endTime, recordTime }: GivenUsage, now: number, reasons: Set<UsageReason>) {
  const begin = parseUsageTime(beginTime);
  const end = parseUsageTime(endTime);
  const recorded = recordTime === undefined ? now : parseUsageTime(recordTime);
  if (begin === undefined || end === undefined || recorded === undefined) {
    reasons.add('TIME_INVALID');
    return undefined;
  }
  if (begin > end) reasons.add('RANGE_REVERSED');
  if (end > now) reasons.add('NOT_OVER_YET');
  else if (recorded < end || recorded > now) reasons.add('RECORD_TIME_EARLY');
  if (begin < now - AGE_MS_MAX) reasons.add('TOO_OLD');
  return { begin, end, recordTime: recorded };
}

function checkInstance(
  { instanceId, relatedPackage }: GivenUsage,
  { begin, end, context }: { begin: number; end: number; context: RuleContext },
  reasons: Set<UsageReason>,
): void {
  const facts = context.instances.get(instanceId);
  const isPackageKnown = relatedPackage === undefined || context.instances.has(relatedPackage);
  if (!context.mayBeUnknown && !(facts && isPackageKnown)) reasons.add('INSTANCE_UNKNOWN');
  if (facts === undefined) return;
  if (facts.isPayPerUse === false) reasons.add('INSTANCE_NOT_PAY_PER_USE');
  // Records have whole seconds.
  if (begin < Math.floor(facts.createdAt / 1_000) * 1_000) reasons.add('BEFORE_INSTANCE');
  if (facts.releasedAt !== undefined && end > facts.releasedAt) reasons.add('AFTER_RELEASE');
}
