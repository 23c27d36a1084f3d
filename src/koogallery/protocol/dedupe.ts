/** By what repetitions of one call are known: `businessId` differs in each of them. Pure. */
import { createHash } from 'node:crypto';
import type { Intent, Purchase } from './intent.ts';

/** `chargingMode` of V1.0 that is certainly not pay-per-use. */
const PAID_AHEAD = ['1', '3'];

/**
 * The key of a call within its channel; undefined for what only reads and for what sets a state.
 * @param sellsPayPerUse whether the channel has pay-per-use products: there one V1.0 order may create several instances
 */
export function dedupeKeyOf(intent: Intent, sellsPayPerUse: boolean): string | undefined {
  switch (intent.intent) {
    case 'create':
      if (intent.orderLineId !== undefined) return keyOf('create', intent.orderId, intent.orderLineId);
      return createKeyV1(intent, sellsPayPerUse);
    case 'refresh':
      return keyOf('refresh', intent.instanceId, ...renewalOf(intent));
    case 'release':
      return keyOf('release', intent.instanceId);
    case 'upgrade':
      return keyOf('upgrade', intent.instanceId, intent.orderId);
    case 'license.get':
      return keyOf('license.get', intent.orderId);
    case 'license.getAsync':
      return keyOf('license.getAsync', intent.instanceId, intent.eventId, digestOf(intent.deviceFingerprint));
    case 'license.refresh':
      return keyOf('license.refresh', intent.licenseRef, ...renewalOf(intent));
    case 'license.release':
      return keyOf('license.release', intent.licenseRef);
    case 'order.notify':
      return keyOf('order.notify', intent.orderId, intent.orderLineId);
    default:
      return undefined;
  }
}

/**
 * Both keys that a V1.0 create may have led to, because the charging modes of a channel may change: `byProduct` while it has
 * pay-per-use products, `byOrder` else.
 */
export function createKeysV1({ orderId, purchase }: CreateV1): { byOrder: string; byProduct: string } {
  return {
    byOrder: keyOf('create', orderId),
    byProduct: keyOf('create', orderId, purchase?.productId ?? ''),
  };
}

interface CreateV1 {
  orderId: string;
  purchase?: Purchase | undefined;
}

function createKeyV1(create: CreateV1, sellsPayPerUse: boolean): string {
  const { byOrder, byProduct } = createKeysV1(create);
  // The product of an order that was paid ahead may change over its life.
  return sellsPayPerUse && !PAID_AHEAD.includes(create.purchase?.chargingMode ?? '') ? byProduct : byOrder;
}

function renewalOf({ orderId, scene, expireAt }: { orderId: string; scene: string; expireAt: Date }) {
  return [orderId, scene, expireAt.toISOString()];
}

function digestOf(text = ''): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** What separates the parts cannot stand in them. */
function keyOf(...parts: string[]): string {
  return parts.map((part) => part.replaceAll('%', '%25').replaceAll(':', '%3A')).join(':');
}
