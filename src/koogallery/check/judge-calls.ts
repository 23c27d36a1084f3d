/** Whether the calls that came so far are what a product on sale needs, and how near it is to being taken off. Pure. */
import { plural, renderDuration } from '../../text.ts';
import type { CallCount } from '../registry/read-counts.ts';
import type { CallHistory } from './call-history.ts';
import { bad, type CheckFinding, note, ok } from './check-finding.ts';

const DAY_MS = 86_400_000;
/** So many failing days in a row, and trading is frozen and the product hidden; more orders a month, and it is delisted. */
const FAILING_DAYS_MAX = 5;
const FAILED_ORDERS_MAX = 5;
const NAMED_MAX = 3;

export interface Calls {
  needed: readonly string[];
  /** Whether the marketplace probes products of this kind by itself, twice a day. */
  isProbedDaily: boolean;
  counts: readonly CallCount[];
  /** By activity: the last debug call that succeeded, in milliseconds since 1970. */
  probes: ReadonlyMap<string, number>;
  history: CallHistory;
  /** Of Redis. */
  now: number;
}

export function judgeCalls(where: string, calls: Calls): CheckFinding[] {
  return [
    judgeNeeded(where, calls),
    judgeRecent(where, calls),
    judgeDays(where, calls.history),
    judgeOrders(where, calls.history),
  ];
}

function judgeNeeded(where: string, { needed, counts, probes }: Calls): CheckFinding {
  const said = { code: 'probes_needed', where, what: 'activities' } as const;
  const succeeded = new Set([
    ...probes.keys(),
    ...counts.flatMap(({ activity, code }) => (['000000', '000004'].includes(code) ? [activity] : [])),
  ]);
  const missing = needed.filter((activity) => !succeeded.has(activity));
  if (missing.length === 0) return ok({ ...said, text: `all ${needed.length} have succeeded once` });
  return bad(
    { ...said, text: `never succeeded: ${missing.join(', ')}` },
    'Run the debug cases of the seller console with them, after `onboard koogallery probe`.',
  );
}

/** Whose debug calls they were cannot be known: the marketplace's, its debugger's, or those of our own probe. */
function judgeRecent(where: string, { needed, probes, isProbedDaily, now }: Calls): CheckFinding {
  const said = { code: 'probes_recent', where, what: 'debug calls, 24 h' } as const;
  const ages = needed.map((activity) => {
    const at = probes.get(activity);
    return { activity, age: at === undefined ? undefined : Math.max(0, now - at) };
  });
  const old = ages.filter(({ age }) => age === undefined || age > DAY_MS);
  const text = ages
    .map(
      ({ activity, age }) =>
        `${activity} ${age === undefined ? 'never' : `${renderDuration(age / 1_000)} ago`}`,
    )
    .join(', ');
  if (old.length === 0) return ok({ ...said, text });
  const hint = isProbedDaily
    ? `Products on sale are probed every morning and afternoon. If yours is on sale, see \`onboard koogallery calls ${where} --unverified\`, and whether its address and key are right.`
    : 'That the marketplace probes licenses of this kind is not documented: run its debugger.';
  return note({ ...said, text }, hint);
}

function judgeDays(where: string, { days }: CallHistory): CheckFinding {
  const said = { code: 'probe_days', where, what: 'failing days' } as const;
  if (!days.some(({ state }) => state !== 'silent'))
    return note(
      { ...said, text: `no debug call in ${plural(days.length, 'day')}` },
      'Before a product is on sale, that is as it should be.',
    );
  const streak = streakOf(days);
  const failed = streak.filter(({ state }) => state === 'failed');
  if (streak.length === 0) return ok({ ...said, text: 'none since the last good one' });
  const silent = streak.length - failed.length;
  const parts = [
    ...(failed.length > 0 ? [`${failed.length} with failed debug calls`] : []),
    ...(silent > 0 ? [`${silent} without any`] : []),
  ];
  const names = [...new Set(failed.flatMap((day) => day.failed))].join(', ');
  const text = `${plural(streak.length, 'day')} in a row without success: ${parts.join(', ')}${names && ` (${names})`}`;
  const hint = `After ${FAILING_DAYS_MAX} failing days in a row the marketplace freezes trading and hides the product. See \`onboard koogallery calls ${where} --failed\`, and --unverified; a day without any may be one on which nothing answered.`;
  return failed.length > 0 ? bad({ ...said, text }, hint) : note({ ...said, text }, hint);
}

/** The latest days without success, the newest first: not today before its first call, and none before the very first. */
function streakOf(days: CallHistory['days']): CallHistory['days'] {
  const first = days.findLastIndex(({ state }) => state !== 'silent');
  const known = days.slice(days[0]?.state === 'silent' ? 1 : 0, first + 1);
  const good = known.findIndex(({ state }) => state === 'good');
  return good < 0 ? known : known.slice(0, good);
}

function judgeOrders(where: string, { failedOrders, days }: CallHistory): CheckFinding {
  const said = { code: 'orders_failed', where, what: 'failed orders' } as const;
  const count = failedOrders.length;
  if (count === 0) return ok({ ...said, text: `none in ${plural(days.length, 'day')}` });
  const names = failedOrders.slice(0, NAMED_MAX).join(', ');
  const text = `${count} in ${plural(days.length, 'day')}: ${names}${count > NAMED_MAX ? ', …' : ''}`;
  const hint = `More than ${FAILED_ORDERS_MAX} in a month, and a product is delisted. See \`onboard koogallery calls ${where} --failed\`.`;
  return count > FAILED_ORDERS_MAX ? bad({ ...said, text }, hint) : note({ ...said, text }, hint);
}
