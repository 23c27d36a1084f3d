/**
 * What the audit says of the last month, as the marketplace would count it: days on which its debug calls failed, and orders
 * that failed. Calls to which nobody could answer, because Redis or the receiver was away, are not in the audit.
 */
import type { AuditedCall } from '../registry/list-calls.ts';
import { listCalls } from '../registry/list-calls.ts';
import { isFailure } from '../registry/read-counts.ts';
import type { ChannelAccess } from '../registry/scripts.ts';

const DAY_MS = 86_400_000;
const DAYS_LOOKED_AT = 30;
/** The days of China. Which days the marketplace counts is not documented. */
const ZONE_MS = 8 * 3_600_000;
const PAGE = 1_000;
/** Of a channel with very many calls, only the latest are looked at. */
const CALLS_MAX = 100_000;
const CREATES = ['newInstance', 'getLicense'];

/** `failed`: some activity had debug calls, and not one of them succeeded. `silent`: there were none. */
export type DayState = 'good' | 'failed' | 'silent';

export interface CallHistory {
  /** The newest first: today, yesterday, … as far back as was looked. */
  days: { state: DayState; failed: string[] }[];
  /** Orders whose latest create was answered with an error. */
  failedOrders: string[];
}

interface Outcomes {
  succeeded: Set<string>;
  failed: Set<string>;
}

/** Takes calls, the newest first. Pure. */
export class CallTally {
  readonly #now: number;
  readonly #days = new Map<number, Outcomes>();
  readonly #orders = new Map<string, boolean>();
  #oldest: number;

  /** @param now milliseconds since 1970 */
  constructor(now: number) {
    this.#now = now;
    this.#oldest = now;
  }

  /** @returns whether older ones matter */
  add({ at, activity, code, isTest, facts }: AuditedCall): boolean {
    if (dayOf(at) <= dayOf(this.#now) - DAYS_LOOKED_AT) return false;
    this.#oldest = Math.min(this.#oldest, at);
    const hasFailed = isFailure({ code });
    // What was never an activity of ours says nothing of one.
    if (activity === 'unknown') return true;
    if (isTest) {
      const day = this.#days.get(dayOf(at)) ?? { succeeded: new Set(), failed: new Set() };
      this.#days.set(dayOf(at), day);
      (hasFailed ? day.failed : day.succeeded).add(activity);
    } else if (CREATES.includes(activity) && facts.orderId !== undefined && !this.#orders.has(facts.orderId))
      this.#orders.set(facts.orderId, hasFailed);
    return true;
  }

  /** @param isWhole whether nothing older was left out */
  history(isWhole: boolean): CallHistory {
    const today = dayOf(this.#now);
    // The oldest day of a look that was cut short was seen in part.
    const count = isWhole ? DAYS_LOOKED_AT : today - dayOf(this.#oldest);
    const days = Array.from({ length: count }, (_, back) => this.#day(today - back));
    const failedOrders = [...this.#orders].flatMap(([order, hasFailed]) => (hasFailed ? [order] : []));
    return { days, failedOrders };
  }

  #day(day: number): CallHistory['days'][number] {
    const { succeeded = new Set<string>(), failed = new Set<string>() } = this.#days.get(day) ?? {};
    const lost = [...failed].filter((activity) => !succeeded.has(activity)).sort();
    if (lost.length > 0) return { state: 'failed', failed: lost };
    return { state: succeeded.size > 0 ? 'good' : 'silent', failed: [] };
  }
}

/** @param now of Redis, in milliseconds since 1970 */
export async function readHistory(channel: ChannelAccess, now: number): Promise<CallHistory> {
  const tally = new CallTally(now);
  let cursor: string | undefined;
  for (let looked = 0; looked < CALLS_MAX; looked += PAGE) {
    const page = await listCalls(channel, { limit: PAGE, cursor });
    if (!page.calls.every((call) => tally.add(call))) return tally.history(true);
    if (page.cursor === undefined) return tally.history(true);
    cursor = page.cursor;
  }
  return tally.history(false);
}

function dayOf(at: number): number {
  return Math.floor((at + ZONE_MS) / DAY_MS);
}
