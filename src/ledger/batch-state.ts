/** What people see of a batch. Derived from its facts, never stored; `scripts.ts` passes the same list to Lua. */

export const BATCH_STATES = ['cancelling', 'paused', 'enqueuing', 'running', 'open', 'finished'] as const;
export type BatchState = (typeof BATCH_STATES)[number];

export const BATCH_CONDITIONS = [
  'cancelled',
  'paused',
  'unsealedImport',
  'unsealedStream',
  'active',
] as const;
type Condition = (typeof BATCH_CONDITIONS)[number];
export type BatchConditions = Record<Condition, boolean>;

/** The first state of which all conditions hold applies. */
export const STATE_RULES: readonly (readonly [BatchState, ...Condition[]])[] = [
  ['cancelling', 'cancelled', 'active'],
  ['finished', 'cancelled'],
  ['paused', 'paused'],
  ['enqueuing', 'unsealedImport'],
  ['running', 'active'],
  ['open', 'unsealedStream'],
  ['finished'],
];

export function batchStateOf(holds: BatchConditions): BatchState {
  const rule = STATE_RULES.find(([, ...conditions]) => conditions.every((condition) => holds[condition]));
  return rule?.[0] ?? 'finished';
}
