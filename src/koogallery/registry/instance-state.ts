/**
 * What an instance is, out of what is known of it:
 *
 *     waiting <──> opening ──> active <──> frozen
 *        │            │  │        │          │
 *        │            │  └──> failed         │        (the create was refused for good)
 *        └────────────┴──────────┴──────────┴──> released
 *
 * `waiting`: its buyer has to tell something before it can be created. `released` is the end: nothing leads out of it. What
 * is wanted changes at once, by a call of the marketplace; how far the seller's side has come is in the tasks.
 */
export const INSTANCE_STATES = ['opening', 'waiting', 'active', 'frozen', 'released', 'failed'] as const;
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
  /** What its buyer has to tell: present exactly while somebody waits for that. */
  missing?: readonly string[] | undefined;
  /** Buyers can reach it, but it is not what they have bought yet. */
  registering?: string | undefined;
}

export function stateOf({ wanted, readyAt, refusal, missing, registering }: StateFacts): InstanceState {
  if (wanted === 'released') return 'released';
  if (refusal !== undefined) return 'failed';
  if (readyAt === undefined) return 'opening';
  if (wanted === 'frozen') return 'frozen';
  if (missing !== undefined) return 'waiting';
  return registering === undefined ? 'active' : 'opening';
}
