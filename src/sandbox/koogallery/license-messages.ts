/** The calls of the three License generations (docs/koogallery-sources.md). Pure. */
import type { Fields, Message, Messages, Occasion } from './message.ts';
import {
  OPTIONAL_OF_PURCHASE,
  OPTIONAL_OF_RENEWAL,
  original,
  purchase,
  RENEWALS,
  renewal,
} from './saas-v1-messages.ts';
import { CANCELLED, INSTANCE_STEPS, ORDER_OF_RELEASE, scenes } from './saas-v2-messages.ts';

const license = ({ order }: Occasion): Fields => ({ license: order.license });
const event = ({ eventId }: Occasion): Fields => ({ orderId: eventId, orderLineId: `${eventId}-000001` });

function ofStatus(word: 'freeze' | 'unfreeze'): Message {
  return {
    ...{ activity: 'updateLicenseCodeStatus', entrance: 'POST', requires: 'status' },
    intent: `license.${word}`,
    fields: (occasion) => ({ ...license(occasion), status: word.toUpperCase() }),
  };
}

/** License 2.0: the marketplace issues the codes, so nothing is created. */
export const LICENSE_V2_STEPS = {
  refresh: {
    ...{ activity: 'refreshLicenseCode', entrance: 'POST', intent: 'license.refresh', requires: 'license' },
    ...{ optional: ['productId'], forms: scenes(...CANCELLED) },
    fields: (occasion) => ({
      ...{ scene: 'RENEWAL', ...event(occasion), ...license(occasion) },
      ...{ productId: occasion.order.productId, expireTime: occasion.expireTime },
    }),
  },
  freeze: ofStatus('freeze'),
  unfreeze: ofStatus('unfreeze'),
  release: {
    ...{ activity: 'releaseLicenseCode', entrance: 'POST', intent: 'license.release', requires: 'license' },
    optional: ORDER_OF_RELEASE,
    fields: (occasion) => ({ ...license(occasion), ...event(occasion) }),
  },
} as const satisfies Messages;

export const LICENSE_V1_STEPS = {
  create: {
    ...{ activity: 'getLicense', entrance: 'GET', intent: 'license.get', requires: 'orderId' },
    ...{ optional: OPTIONAL_OF_PURCHASE, fields: purchase },
  },
  refresh: {
    ...{ activity: 'refreshLicense', entrance: 'GET', intent: 'license.refresh', requires: 'expireTime' },
    ...{ optional: OPTIONAL_OF_RENEWAL, forms: RENEWALS, fields: renewal },
  },
  expire: {
    ...{ activity: 'expireLicense', entrance: 'GET', intent: 'license.freeze', requires: 'instanceId' },
    // Its fields are inferred.
    isOptional: true,
    fields: original,
  },
  release: {
    ...{ activity: 'releaseLicense', entrance: 'GET', intent: 'license.release', requires: 'instanceId' },
    fields: original,
  },
} as const satisfies Messages;

export const LICENSE_ONLINE_STEPS = {
  ...INSTANCE_STEPS,
  activate: {
    ...{ activity: 'getLicenseAsync', entrance: 'POST', intent: 'license.getAsync', requires: 'eventId' },
    optional: ['deviceFingerprint'],
    fields: ({ order, eventId }) => ({
      ...{ instanceId: order.instanceId, eventId, deviceFingerprint: 'probe-device' },
      ...{ effectiveTime: '2026-01-01 00:00:00 z', expireTime: '2027-01-01 00:00:00 z' },
    }),
  },
} as const satisfies Messages;
