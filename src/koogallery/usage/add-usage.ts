/** Takes records of usage: all of them are checked before the first is recorded, and giving them again changes nothing. */
import { AppError } from '../../errors.ts';
import { plural } from '../../text.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import { RECORDED_AT_ONCE, recordUsage } from './record.ts';
import {
  type CheckedUsage,
  checkUsage,
  type GivenUsage,
  type InstanceFacts,
  type RuleContext,
  USAGE_REASONS,
  type UsageReason,
} from './rules.ts';
import { deadlinesOf, slotOf } from './windows.ts';

export interface UsageProblem {
  /** Of the record, from 1. */
  row: number;
  code: UsageReason;
  message: string;
}

export interface UsageToAdd {
  records: readonly GivenUsage[];
  by: string;
  /** Lets instances through that the registry does not know. */
  mayBeUnknown?: boolean;
  /** Told everything that is wrong, in the order of the records. */
  onInvalid?: (problems: readonly UsageProblem[]) => Promise<void> | void;
}

export interface UsageAdded {
  recorded: number;
  /** They were recorded before, in the same words. */
  repeated: number;
  /** Recorded after the marketplace collects usage of their time: they are sent, and may not be billed. */
  late: number;
  /** Their ids, in the order in which they were given. */
  ids: string[];
}

export interface UsageAdding extends Pick<RuleContext, 'site' | 'interface' | 'now'> {
  access: ChannelAccess;
  /** What the registry knows of these instances. */
  factsOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, InstanceFacts>>;
}

/** @throws AppError INPUT_USAGE_INVALID; then nothing was recorded */
export async function addUsage(adding: UsageAdding, order: UsageToAdd): Promise<UsageAdded> {
  const { records, by, mayBeUnknown = false, onInvalid } = order;
  const ids = new Set(
    records.flatMap(({ instanceId, relatedPackage }) => [instanceId, relatedPackage ?? '']),
  );
  const instances = await adding.factsOf([...ids].filter(Boolean));
  const checked = records.map((given) => checkUsage(given, { ...adding, instances, mayBeUnknown }));
  const problems = checked.flatMap((result, index) =>
    (Array.isArray(result) ? result : []).map((code) => problem(index, code)),
  );
  const good = checked.flatMap((result) => (Array.isArray(result) ? [] : [result]));
  if (problems.length === 0)
    problems.push(...repetitionsIn(good), ...(await takenIn(adding.access, good, by)));
  if (problems.length > 0) {
    await onInvalid?.(problems);
    const rows = new Set(problems.map(({ row }) => row)).size;
    throw new AppError(
      'INPUT_USAGE_INVALID',
      `${plural(rows, 'usage record')} of ${records.length} cannot be taken.`,
    );
  }
  return recordAll(adding, good, order);
}

async function recordAll(
  { access, now }: UsageAdding,
  records: readonly CheckedUsage[],
  { by, onInvalid }: UsageToAdd,
): Promise<UsageAdded> {
  const added: UsageAdded = { recorded: 0, repeated: 0, late: 0, ids: [] };
  const taken: UsageProblem[] = [];
  for (const chunk of chunksOf(records)) {
    const results = await recordUsage(access, chunk, { by });
    for (const [index, { verdict, id }] of results.entries()) {
      added.ids.push(id);
      if (verdict === 'recorded') added.recorded += 1;
      else if (verdict === 'repeated') added.repeated += 1;
      else taken.push(problem(added.ids.length - 1, REASON_OF[verdict]));
      if (verdict === 'recorded' && isLate(chunk[index], now)) added.late += 1;
    }
  }
  if (taken.length === 0) return added;
  // Somebody gave them after they were checked here.
  await onInvalid?.(taken);
  const these = plural(taken.length, 'usage record');
  throw new AppError('USAGE_STATE', `${these} became another one meanwhile; all others are recorded.`);
}

const REASON_OF = { snTaken: 'SN_TAKEN', spanTaken: 'SPAN_TAKEN' } as const;

const isLate = (record: CheckedUsage | undefined, now: number) =>
  record !== undefined && deadlinesOf(slotOf(record)).latest < now;

const problem = (index: number, code: UsageReason): UsageProblem => ({
  row: index + 1,
  code,
  message: USAGE_REASONS[code],
});

/** The same number, or the same span, twice among those that are given together. */
function repetitionsIn(records: readonly CheckedUsage[]): UsageProblem[] {
  const seen = new Set<string>();
  return records.flatMap(({ meteringSn, instanceId, begin, end }, index) => {
    const span = `span ${instanceId} ${begin} ${end}`;
    const sn = meteringSn === undefined ? undefined : `sn ${meteringSn}`;
    const found: UsageReason[] = [];
    if (sn !== undefined && seen.has(sn)) found.push('SN_TAKEN');
    if (seen.has(span)) found.push('SPAN_TAKEN');
    seen.add(span);
    if (sn !== undefined) seen.add(sn);
    return found.map((code) => problem(index, code));
  });
}

/** Numbers and spans of records that were given before. */
async function takenIn(
  access: ChannelAccess,
  records: readonly CheckedUsage[],
  by: string,
): Promise<UsageProblem[]> {
  const problems: UsageProblem[] = [];
  let first = 0;
  for (const chunk of chunksOf(records)) {
    const results = await recordUsage(access, chunk, { by, isTrial: true });
    for (const [index, { verdict }] of results.entries()) {
      if (verdict === 'snTaken' || verdict === 'spanTaken')
        problems.push(problem(first + index, REASON_OF[verdict]));
    }
    first += chunk.length;
  }
  return problems;
}

function* chunksOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let first = 0; first < items.length; first += RECORDED_AT_ONCE)
    yield items.slice(first, first + RECORDED_AT_ONCE);
}
