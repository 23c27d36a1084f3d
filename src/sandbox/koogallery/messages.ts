/** What the marketplace says at each step of an order's life, in each generation (docs/koogallery-sources.md). Pure. */
import type { Generation } from '../../koogallery/protocol/intent.ts';
import { KIT_STEPS } from './kit-messages.ts';
import { LICENSE_ONLINE_STEPS, LICENSE_V1_STEPS, LICENSE_V2_STEPS } from './license-messages.ts';
import { type Message, type Messages, STEPS, type Step } from './message.ts';
import { SAAS_V1_STEPS } from './saas-v1-messages.ts';
import { NOTIFY_STEP, SAAS_V2_STEPS } from './saas-v2-messages.ts';

export const MESSAGES: Readonly<Record<Generation, Messages>> = {
  'saas-v2': { ...SAAS_V2_STEPS, ...NOTIFY_STEP, ...KIT_STEPS },
  'saas-v1': { ...SAAS_V1_STEPS, ...NOTIFY_STEP, ...KIT_STEPS },
  'license-v2': { ...LICENSE_V2_STEPS, ...NOTIFY_STEP },
  'license-v1': { ...LICENSE_V1_STEPS, ...NOTIFY_STEP, ...KIT_STEPS },
  'license-online': { ...LICENSE_ONLINE_STEPS, ...NOTIFY_STEP },
};

/** The steps of a generation, in the order of a life. */
export function stepsOf(generation: Generation): Step[] {
  return STEPS.filter((step) => MESSAGES[generation][step] !== undefined);
}

export function messageOf(generation: Generation, step: Step): Message {
  const message = MESSAGES[generation][step];
  if (message === undefined) throw new RangeError(`${generation} has no ${step}`);
  return message;
}
