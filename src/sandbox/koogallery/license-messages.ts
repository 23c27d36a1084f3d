/** The calls of the three License generations (docs/koogallery-sources.md). Pure. */
import type { Fields, Message, Messages, Occasion } from './message.ts';
import { original, purchase, renewal } from './saas-v1-messages.ts';
import { INSTANCE_STEPS } from './saas-v2-messages.ts';

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
    fields: (occasion) => ({
      ...{ scene: 'RENEWAL', ...event(occasion), ...license(occasion) },
      ...{ productId: occasion.order.productId, expireTime: occasion.expireTime },
    }),
  },
  freeze: ofStatus('freeze'),
  unfreeze: ofStatus('unfreeze'),
  release: {
    ...{ activity: 'releaseLicenseCode', entrance: 'POST', intent: 'license.release', requires: 'license' },
    fields: (occasion) => ({ ...license(occasion), ...event(occasion) }),
  },
} as const satisfies Messages;

export const LICENSE_V1_STEPS = {
  create: {
    ...{ activity: 'getLicense', entrance: 'GET', intent: 'license.get', requires: 'orderId' },
    fields: purchase,
  },
  refresh: {
    ...{ activity: 'refreshLicense', entrance: 'GET', intent: 'license.refresh', requires: 'expireTime' },
    fields: renewal,
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
    fields: ({ order, eventId }) => ({
      ...{ instanceId: order.instanceId, eventId, deviceFingerprint: 'probe-device' },
      ...{ effectiveTime: '2026-01-01 00:00:00 z', expireTime: '2027-01-01 00:00:00 z' },
    }),
  },
} as const satisfies Messages;
