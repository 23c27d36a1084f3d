/** The requests of joint operation (docs/koogallery-sources.md), of which only a part of the fields is documented. Pure. */
import { z } from 'zod';
import { id, optionalId } from './fields.ts';
import type { Kit, KitIntent } from './intent.ts';
import { parseChina } from './time.ts';

/** The interfaces by the last part of their paths. */
export const KITS: Readonly<Record<string, Kit>> = {
  tenantSync: 'tenant',
  applicationSync: 'application',
  authSync: 'auth',
  singleOrgSync: 'org',
  allOrgSync: 'orgs',
};

/** Below the path of the channel: V2.0 has `/produceAPI/v2/`, V1.0 `/produceAPI/`. Undefined if it is no kit path. */
export function kitActivityOf(path: string): { version: 1 | 2; activity: string } | undefined {
  const [, v2, activity] = /^\/?produceAPI\/(v2\/)?([A-Za-z]+)\/?$/.exec(path) ?? [];
  if (activity === undefined || !Object.hasOwn(KITS, activity)) return undefined;
  return { version: v2 === undefined ? 1 : 2, activity };
}

/** 3 takes an authorization back, and is documented for that interface alone. */
const FLAGS = { '0': 'delete', '1': 'add', '2': 'modify', '3': 'revoke' } as const;

/** A number in the pages; a string does no harm. */
const flag = z
  .union([z.number(), z.string()])
  .transform(String)
  .pipe(z.enum(['0', '1', '2', '3']))
  .transform((digit) => FLAGS[digit]);

const kitTime = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' ? parseChina(value) : undefined));

function messageOf<K extends Kit>(kit: K, change: z.ZodType<KitIntent['change']>) {
  return z
    .looseObject({
      // Empty while a seller applies for credentials, before anything is sold.
      instanceId: optionalId(),
      orderId: optionalId(),
      tenantId: id(),
      flag: change,
      timeStamp: kitTime,
    })
    .transform(({ instanceId, orderId, tenantId, flag: wanted, timeStamp }) => ({
      ...{ intent: `kit.${kit}` as const, instanceId, orderId, tenantId },
      ...{ change: wanted, at: timeStamp },
    }));
}

export const KIT_MESSAGES = {
  tenantSync: messageOf('tenant', flag),
  applicationSync: messageOf('application', flag.optional()),
  authSync: messageOf('auth', flag),
  singleOrgSync: messageOf('org', flag),
  allOrgSync: messageOf('orgs', flag.optional()),
};
