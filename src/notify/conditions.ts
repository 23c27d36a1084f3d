/**
 * What lasts: a breaker is open, the peer is silent, nobody works. Such a condition is told once it has lasted for a while,
 * and its end once it has stayed away for a while; if it comes back before, it is still the same one. So what flickers is
 * told once. Pure.
 *
 *   absent ──▶ noticed ──▶ told ──▶ gone ──▶ absent
 *     ▲           │         ▲        │
 *     └───────────┘         └────────┘
 */
import { z } from 'zod';
import type { EventType, Facts } from './events.ts';

export const standingSchema = z.object({
  /** Since when, in milliseconds since 1970, like the others. */
  since: z.number(),
  isTold: z.boolean(),
  /** Set while it is away, and may come back. */
  goneAt: z.number().optional(),
});
/** How a condition stood when it was last looked at. */
export type Standing = z.output<typeof standingSchema>;

export interface Condition {
  began: EventType;
  ended?: EventType;
  /** It is told after it has lasted this long, in milliseconds. */
  afterMs: number;
  /** It has ended after it has stayed away this long, in milliseconds. */
  awayMs: number;
}

/** What there is now. */
export interface Present {
  /** Since when, where that is known; otherwise since it was first noticed. */
  since?: number | undefined;
  facts: Facts;
}

/** An event without whose it is. */
export interface News {
  type: EventType;
  /** When it came about. */
  at: number;
  /** What tells it from others of its type. */
  about: readonly (string | number)[];
  facts: Facts;
}

export interface Followed {
  news: News[];
  /** Undefined if nothing is left to remember. */
  after: Standing | undefined;
}

/** @param now milliseconds since 1970 */
export function follow(
  condition: Condition,
  { before, present, now }: { before: Standing | undefined; present: Present | undefined; now: number },
): Followed {
  if (present !== undefined) return goesOn(condition, { before, present, now });
  if (before === undefined || !before.isTold) return { news: [], after: undefined };
  const { since, goneAt = now } = before;
  // A clock that was set back counts as no time at all.
  if (now - goneAt < condition.awayMs) return { news: [], after: { ...before, goneAt } };
  const { ended } = condition;
  const seconds = Math.round((goneAt - since) / 1_000);
  const facts = { since: new Date(since).toISOString(), seconds };
  const news = ended === undefined ? [] : [{ type: ended, at: goneAt, about: [since], facts }];
  return { news, after: undefined };
}

function goesOn(
  { began, afterMs }: Condition,
  { before, present, now }: { before: Standing | undefined; present: Present; now: number },
): Followed {
  const since = before?.since ?? present.since ?? now;
  const wasTold = before?.isTold ?? false;
  const isDue = now - since >= afterMs;
  const news = isDue && !wasTold ? [{ type: began, at: since, about: [since], facts: present.facts }] : [];
  return { news, after: { since, isTold: wasTold || isDue } };
}
