/**
 * What an instance is, out of what is known of it:
 *
 *     opening ──> active <──> frozen
 *        │  │        │          │
 *        │  └──> failed         │        (the create was refused for good)
 *        └──────────┴──────────┴──> released
 *
 * `released` is the end: nothing leads out of it. What is wanted changes at once, by a call of the marketplace; how far
 * the seller's side has come is in the tasks.
 */
export const INSTANCE_STATES = ['opening', 'active', 'frozen', 'released', 'failed'] as const;
export type InstanceState = (typeof INSTANCE_STATES)[number];

/** What the marketplace last asked for. */
export const WANTED = ['active', 'frozen', 'released'] as const;
export type Wanted = (typeof WANTED)[number];

export interface StateFacts {
  wanted: Wanted;
  /** When it could first be used, in milliseconds since 1970. */
  readyAt?: number | undefined;
  /** Why its create was refused. */
  refusal?: string | undefined;
}

export function stateOf({ wanted, readyAt, refusal }: StateFacts): InstanceState {
  if (wanted === 'released') return 'released';
  if (readyAt === undefined) return refusal === undefined ? 'opening' : 'failed';
  return wanted;
}
