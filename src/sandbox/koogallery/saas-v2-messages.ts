/** The calls of SaaS V2.0 (docs/koogallery-sources.md), and order notifications, which every generation may send. Pure. */
import type { Fields, Message, Messages, Occasion } from './message.ts';

const event = ({ eventId }: Occasion): Fields => ({ orderId: eventId, orderLineId: `${eventId}-000001` });
const instance = ({ order }: Occasion): Fields => ({ instanceId: order.instanceId });

/** A renewal that is taken back. */
export const CANCELLED = ['UNSUBSCRIBE_RENEWAL_PERIOD'] as const;
/** Why an end is changed. */
export const scenes = (...names: readonly string[]): Fields[] => names.map((scene) => ({ scene }));
/** Only if it was unsubscribed. */
export const ORDER_OF_RELEASE = ['orderId', 'orderLineId'];

function ofStatus(intent: 'freeze' | 'unfreeze'): Message {
  return {
    ...{ activity: 'updateInstanceStatus', entrance: 'POST', intent, requires: 'status' },
    fields: (occasion) => ({ ...instance(occasion), status: intent.toUpperCase() }),
  };
}

/** What online-activation License shares. */
export const INSTANCE_STEPS = {
  create: {
    ...{ activity: 'newInstance', entrance: 'POST', intent: 'create', requires: 'orderId' },
    fields: ({ order: { orderId, orderLineId }, businessId }) => ({ businessId, orderId, orderLineId }),
  },
  refresh: {
    ...{ activity: 'refreshInstance', entrance: 'POST', intent: 'refresh', requires: 'expireTime' },
    ...{ optional: ['productId'], forms: scenes('TRIAL_TO_FORMAL', ...CANCELLED, 'RENEWAL_CHANGE') },
    fields: (occasion) => ({
      ...{ scene: 'RENEWAL', ...event(occasion), ...instance(occasion) },
      ...{ productId: occasion.order.productId, expireTime: occasion.expireTime },
    }),
  },
  freeze: ofStatus('freeze'),
  unfreeze: ofStatus('unfreeze'),
  release: {
    ...{ activity: 'releaseInstance', entrance: 'POST', intent: 'release', requires: 'instanceId' },
    optional: ORDER_OF_RELEASE,
    fields: (occasion) => ({ ...instance(occasion), ...event(occasion) }),
  },
} as const satisfies Messages;

export const SAAS_V2_STEPS = {
  ...INSTANCE_STEPS,
  query: {
    ...{ activity: 'queryInstance', entrance: 'POST', intent: 'query', requires: 'instanceId' },
    fields: instance,
  },
  upgrade: {
    ...{ activity: 'upgradeInstance', entrance: 'POST', intent: 'upgrade', requires: 'instanceId' },
    isOptional: true,
    fields: (occasion) => ({ ...instance(occasion), ...event(occasion) }),
  },
  checkChange: {
    ...{ activity: 'changeInstanceCheck', entrance: 'POST', intent: 'checkChange', requires: 'productInfo' },
    isOptional: true,
    fields: (occasion) => ({
      ...instance(occasion),
      productInfo: {
        ...{ productId: occasion.order.productId, skuCode: occasion.order.skuCode },
        ...{ linearValue: '10', productName: 'probe' },
      },
    }),
  },
} as const satisfies Messages;

export const NOTIFY_STEP = {
  notify: {
    ...{ activity: 'orderNotify', entrance: 'POST', intent: 'order.notify', requires: 'orderId' },
    isOptional: true,
    fields: ({ order: { orderId, orderLineId } }) => ({ orderId, orderLineId }),
  },
} as const satisfies Messages;
