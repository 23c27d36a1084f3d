/** The calls of SaaS V1.0 (docs/koogallery-sources.md): query strings. Pure. */
import { encodeExtendParams } from '../../koogallery/protocol/fields.ts';
import type { Fields, Message, Messages, Occasion } from './message.ts';

/** Who buys what; the old License sends the same. */
export function purchase({ order, businessId, expireTime, seal }: Occasion): Fields {
  const { orderId, productId, skuCode, customerId, customerName } = order;
  return {
    ...{ businessId, orderId, productId, skuCode, customerId, customerName, expireTime },
    ...{ mobilePhone: seal('13800000000'), email: seal('buyer@example.com') },
    ...{ chargingMode: '1', periodType: 'year', periodNumber: '1', amount: '10', orderAmount: '99.125' },
    saasExtendParams: encodeExtendParams([{ name: 'emailDomainName', value: 'example.com' }]),
  };
}

export function renewal({ order, eventId, expireTime }: Occasion): Fields {
  return {
    ...{ orderId: eventId, instanceId: order.instanceId, productId: order.productId, expireTime },
    ...{ periodType: 'year', periodNumber: '1', orderAmount: '99.125' },
  };
}

/** What some pages, products or sites do without. */
export const OPTIONAL_OF_PURCHASE = [
  ...['skuCode', 'customerName', 'expireTime', 'mobilePhone', 'email', 'chargingMode'],
  ...['periodType', 'periodNumber', 'amount', 'orderAmount', 'saasExtendParams'],
];
export const OPTIONAL_OF_RENEWAL = ['productId', 'periodType', 'periodNumber', 'orderAmount'];
/** A trial that becomes a purchase, and a renewal that is taken back. */
export const RENEWALS: readonly Fields[] = [{ trialToFormal: '1' }, { orderAmount: '-99.125' }];

/** The original order with its instance. */
export const original = ({ order: { orderId, instanceId } }: Occasion): Fields => ({ orderId, instanceId });

function ofStatus(intent: 'freeze' | 'unfreeze', word: string): Message {
  return {
    ...{ activity: 'instanceStatus', entrance: 'GET', intent, requires: 'instanceStatus', isOptional: true },
    fields: ({ order: { instanceId } }) => ({ instanceId, instanceStatus: word }),
  };
}

export const SAAS_V1_STEPS = {
  create: {
    ...{ activity: 'newInstance', entrance: 'GET', intent: 'create', requires: 'orderId' },
    ...{ optional: OPTIONAL_OF_PURCHASE, fields: purchase },
  },
  query: {
    ...{ activity: 'queryInstance', entrance: 'GET', intent: 'query', requires: 'instanceId' },
    isOptional: true,
    fields: ({ order: { instanceId } }) => ({ instanceId }),
  },
  refresh: {
    ...{ activity: 'refreshInstance', entrance: 'GET', intent: 'refresh', requires: 'expireTime' },
    ...{ optional: OPTIONAL_OF_RENEWAL, forms: RENEWALS, fields: renewal },
  },
  freeze: ofStatus('freeze', 'FREEZE'),
  unfreeze: ofStatus('unfreeze', 'NORMAL'),
  expire: {
    ...{ activity: 'expireInstance', entrance: 'GET', intent: 'freeze', requires: 'instanceId' },
    fields: original,
  },
  upgrade: {
    ...{ activity: 'upgrade', entrance: 'GET', intent: 'upgrade', requires: 'instanceId', isOptional: true },
    optional: ['amount'],
    fields: ({ order: { instanceId, skuCode, productId }, eventId }) => ({
      ...{ instanceId, orderId: eventId, skuCode, productId, amount: '20' },
    }),
  },
  release: {
    ...{ activity: 'releaseInstance', entrance: 'GET', intent: 'release', requires: 'instanceId' },
    fields: original,
  },
} as const satisfies Messages;
