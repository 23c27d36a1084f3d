/** The operations of the peer, each of which may stop to answer by itself. */
import type { StepName } from '../redis/keys.ts';

export const OPERATIONS = ['authorize', 'put', 'submit'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Whose rows call it. */
export const STEP_OF = {
  authorize: 'upload',
  put: 'upload',
  submit: 'submit',
} as const satisfies Record<Operation, StepName>;

/** Both operations of Chat App come from one address; uploads go elsewhere, and submits need not wait for them. */
export const HOLDS_ALL: Record<Operation, boolean> = { authorize: true, put: false, submit: true };
