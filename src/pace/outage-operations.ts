/** The operations of the peer, any of which may stop answering on its own. */
import type { StepName } from '../redis/keys.ts';

export const OPERATIONS = ['authorize', 'put', 'submit'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The step whose rows call it. */
export const STEP_OF = {
  authorize: 'upload',
  put: 'upload',
  submit: 'submit',
} as const satisfies Record<Operation, StepName>;

/** Both Chat App operations go to one address; uploads go to another, and submits need not wait for them. */
export const HOLDS_ALL: Record<Operation, boolean> = { authorize: true, put: false, submit: true };
