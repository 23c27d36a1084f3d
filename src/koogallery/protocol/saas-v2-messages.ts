/** The requests of SaaS V2.0 (docs/koogallery-sources.md): JSON objects of strings. Pure. */
import { z } from 'zod';
import { id, idList, optionalId, productInfo, status, time } from './fields.ts';
import type { OrderIntent, SaasIntent } from './intent.ts';

/** What a schema of a SaaS message gives. */
const saas = (intent: SaasIntent): SaasIntent => intent;

const newInstance = z
  .looseObject({ orderId: id(), orderLineId: id(), businessId: id() })
  .transform(({ orderId, orderLineId, businessId }) =>
    saas({ intent: 'create', orderId, orderLineId, businessId }),
  );

const queryInstance = z
  .looseObject({ instanceId: idList })
  .transform(({ instanceId }) => saas({ intent: 'query', instanceIds: instanceId }));

const refreshInstance = z
  .looseObject({
    scene: id(),
    orderId: id(),
    orderLineId: id(),
    instanceId: id(),
    productId: optionalId(),
    expireTime: time,
  })
  .transform(({ scene, orderId, orderLineId, instanceId, productId, expireTime }) =>
    saas({ intent: 'refresh', scene, orderId, orderLineId, instanceId, productId, expireAt: expireTime }),
  );

const updateInstanceStatus = z
  .looseObject({ instanceId: id(), status })
  .transform(({ instanceId, status: wanted }) =>
    saas(
      wanted === 'freeze'
        ? { intent: 'freeze', instanceId, cause: 'status' }
        : { intent: 'unfreeze', instanceId },
    ),
  );

const releaseInstance = z
  .looseObject({ instanceId: id(), orderId: optionalId(), orderLineId: optionalId() })
  .transform(({ instanceId, orderId, orderLineId }) =>
    saas({ intent: 'release', instanceId, orderId, orderLineId }),
  );

const upgradeInstance = z
  .looseObject({ instanceId: id(), orderId: id(), orderLineId: id() })
  .transform(({ instanceId, orderId, orderLineId }) =>
    saas({ intent: 'upgrade', instanceId, orderId, orderLineId }),
  );

const changeInstanceCheck = z
  .looseObject({ instanceId: id(), productInfo })
  .transform((message) =>
    saas({ intent: 'checkChange', instanceId: message.instanceId, productInfo: message.productInfo }),
  );

/** What online-activation License shares with SaaS V2.0: the query too, which follows a create that takes its time. */
export const INSTANCE_V2 = {
  newInstance,
  queryInstance,
  refreshInstance,
  updateInstanceStatus,
  releaseInstance,
};

export const SAAS_V2 = { ...INSTANCE_V2, upgradeInstance, changeInstanceCheck };

/** The order notification (docs/koogallery-sources.md), which every generation may get. */
export const ORDER_NOTIFY = {
  orderNotify: z
    .looseObject({ orderId: id(), orderLineId: id() })
    .transform(({ orderId, orderLineId }): OrderIntent => ({ intent: 'order.notify', orderId, orderLineId })),
};
