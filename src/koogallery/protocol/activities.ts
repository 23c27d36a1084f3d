/** Which activities a channel of each generation is called with, by which method, and the schema of each. Pure. */
import type { z } from 'zod';
import type { Generation, Intent } from './intent.ts';
import { KIT_MESSAGES } from './kit-messages.ts';
import { LICENSE_ONLINE, LICENSE_V1, LICENSE_V2 } from './license-messages.ts';
import { SAAS_V1 } from './saas-v1-messages.ts';
import { ORDER_NOTIFY, SAAS_V2 } from './saas-v2-messages.ts';

/** `KIT`: a POST on one of the kit paths. */
export type Entrance = 'GET' | 'POST' | 'KIT';

type Schemas = Readonly<Record<string, z.ZodType<Intent>>>;

/** Generation, entrance, activity. Order notifications are sent by POST whatever the product is. */
export const ACTIVITIES: Readonly<Record<Generation, Readonly<Record<Entrance, Schemas>>>> = {
  'saas-v2': { GET: {}, POST: { ...SAAS_V2, ...ORDER_NOTIFY }, KIT: KIT_MESSAGES },
  'saas-v1': { GET: SAAS_V1, POST: ORDER_NOTIFY, KIT: KIT_MESSAGES },
  'license-v2': { GET: {}, POST: { ...LICENSE_V2, ...ORDER_NOTIFY }, KIT: {} },
  'license-v1': { GET: LICENSE_V1, POST: ORDER_NOTIFY, KIT: KIT_MESSAGES },
  'license-online': { GET: {}, POST: { ...LICENSE_ONLINE, ...ORDER_NOTIFY }, KIT: {} },
};

/** The schema of a call; undefined if a channel of this generation does not know it. */
export function schemaOf(call: {
  generation: Generation;
  entrance: Entrance;
  activity: string;
}): z.ZodType<Intent> | undefined {
  const schemas = ACTIVITIES[call.generation][call.entrance];
  return Object.hasOwn(schemas, call.activity) ? schemas[call.activity] : undefined;
}
