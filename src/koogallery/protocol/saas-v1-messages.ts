/** The requests of SaaS V1.0 (docs/koogallery-sources.md): query strings, so every value is a string. Pure. */
import { z } from 'zod';
import { extendParams, id, idList, note, noteNumber, noteTime, optionalId, status, time } from './fields.ts';
import type { Buyer, Purchase, SaasIntent, Scene } from './intent.ts';

const saas = (intent: SaasIntent): SaasIntent => intent;

/** The fields of a buyer, of which the sites document different ones as mandatory. */
export const buyerFields = {
  customerId: id(100),
  customerName: note,
  userId: note,
  userName: note,
  mobilePhone: note,
  email: note,
};

/** The fields of what is bought. */
export const purchaseFields = {
  skuCode: optionalId(),
  productId: optionalId(),
  chargingMode: note,
  periodType: note,
  periodNumber: noteNumber,
  amount: noteNumber,
  diskSize: noteNumber,
  bandWidth: noteNumber,
  orderAmount: noteNumber,
  trialFlag: note,
  expireTime: noteTime,
  saasExtendParams: extendParams,
};

const buyerMessage = z.object(buyerFields);
const purchaseMessage = z.object(purchaseFields);

export function buyerOf(message: z.output<typeof buyerMessage>): Buyer {
  const { customerId, customerName, userId, userName, mobilePhone, email } = message;
  return {
    ...{ customerId, customerName, userId, userName },
    ...{ mobilePhoneEncrypted: mobilePhone, emailEncrypted: email },
  };
}

export function purchaseOf(message: z.output<typeof purchaseMessage>): Purchase {
  const { trialFlag, expireTime, saasExtendParams, ...rest } = message;
  const { productId, skuCode, chargingMode, periodType, periodNumber } = rest;
  const { amount, diskSize, bandWidth, orderAmount } = rest;
  return {
    ...{ productId, skuCode, chargingMode, periodType, periodNumber },
    ...{ amount, diskSize, bandWidth, orderAmount },
    ...{ isTrial: trialFlag === '1', expireAt: expireTime, extendParams: saasExtendParams },
  };
}

/** The fields of a renewal besides what it is a renewal of. */
export const renewalFields = {
  orderId: id(),
  productId: optionalId(),
  expireTime: time,
  trialToFormal: note,
  periodType: note,
  periodNumber: noteNumber,
  orderAmount: noteNumber,
};

const renewalMessage = z.object(renewalFields);

export function renewalOf(message: z.output<typeof renewalMessage>) {
  const { orderId, productId, expireTime, periodType, periodNumber, orderAmount } = message;
  return {
    ...{ scene: sceneOf(message), orderId, productId, expireAt: expireTime },
    ...{ periodType, periodNumber, orderAmount },
  };
}

function sceneOf({ trialToFormal, orderAmount = 0 }: z.output<typeof renewalMessage>): Scene {
  if (trialToFormal === '1') return 'TRIAL_TO_FORMAL';
  return orderAmount < 0 ? 'UNSUBSCRIBE_RENEWAL_PERIOD' : 'RENEWAL';
}

const newInstance = z
  .looseObject({ ...buyerFields, ...purchaseFields, businessId: id(), orderId: id() })
  .transform((message) => {
    const { orderId, businessId } = message;
    return saas({
      ...{ intent: 'create', orderId, businessId },
      ...{ buyer: buyerOf(message), purchase: purchaseOf(message) },
    });
  });

const refreshInstance = z
  .looseObject({ ...renewalFields, instanceId: id() })
  .transform((message) => saas({ intent: 'refresh', instanceId: message.instanceId, ...renewalOf(message) }));

const expireInstance = z
  .looseObject({ instanceId: id(), orderId: optionalId() })
  .transform(({ instanceId, orderId }) => saas({ intent: 'freeze', instanceId, orderId, cause: 'expiry' }));

const releaseInstance = z
  .looseObject({ instanceId: id(), orderId: optionalId() })
  .transform(({ instanceId, orderId }) => saas({ intent: 'release', instanceId, orderId }));

const upgrade = z.looseObject({ ...purchaseFields, instanceId: id(), orderId: id() }).transform((message) => {
  const { instanceId, orderId } = message;
  return saas({ intent: 'upgrade', instanceId, orderId, purchase: purchaseOf(message) });
});

const instanceStatus = z
  .looseObject({ instanceId: id(), instanceStatus: status })
  .transform(({ instanceId, instanceStatus: wanted }) =>
    saas(
      wanted === 'freeze'
        ? { intent: 'freeze', instanceId, cause: 'status' }
        : { intent: 'unfreeze', instanceId },
    ),
  );

const queryInstance = z
  .looseObject({ instanceId: idList })
  .transform(({ instanceId }) => saas({ intent: 'query', instanceIds: instanceId }));

export const SAAS_V1 = {
  newInstance,
  refreshInstance,
  expireInstance,
  releaseInstance,
  upgrade,
  instanceStatus,
  queryInstance,
};
