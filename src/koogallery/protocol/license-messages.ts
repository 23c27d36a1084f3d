/** The requests of the three License generations (docs/koogallery-sources.md). Pure. */
import { z } from 'zod';
import { id, licenseTime, optionalId, optionalLicenseTime, status, time } from './fields.ts';
import type { LicenseIntent } from './intent.ts';
import {
  buyerFields,
  buyerOf,
  purchaseFields,
  purchaseOf,
  renewalFields,
  renewalOf,
} from './saas-v1-messages.ts';
import { INSTANCE_V2 } from './saas-v2-messages.ts';

const license = (intent: LicenseIntent): LicenseIntent => intent;

/** License 2.0: the marketplace issues the codes, so there is no call that creates one. */
export const LICENSE_V2 = {
  refreshLicenseCode: z
    .looseObject({
      scene: id(),
      orderId: id(),
      orderLineId: id(),
      license: id(),
      productId: optionalId(),
      expireTime: time,
    })
    .transform(({ license: code, scene, orderId, orderLineId, productId, expireTime }) =>
      license({
        ...{ intent: 'license.refresh', licenseRef: code, refersBy: 'license' },
        ...{ scene, orderId, orderLineId, productId, expireAt: expireTime },
      }),
    ),
  updateLicenseCodeStatus: z.looseObject({ license: id(), status }).transform((message) => {
    const ref = { licenseRef: message.license, refersBy: 'license' } as const;
    return license(
      message.status === 'freeze'
        ? { intent: 'license.freeze', cause: 'status', ...ref }
        : { intent: 'license.unfreeze', ...ref },
    );
  }),
  releaseLicenseCode: z
    .looseObject({ license: id(), orderId: optionalId(), orderLineId: optionalId() })
    .transform(({ license: code, orderId, orderLineId }) =>
      license({
        ...{ intent: 'license.release', licenseRef: code, refersBy: 'license' },
        ...{ orderId, orderLineId },
      }),
    ),
};

/** The old License. Of `expireLicense` the name is documented, and the fields are inferred. */
export const LICENSE_V1 = {
  getLicense: z
    .looseObject({ ...buyerFields, ...purchaseFields, businessId: id(), orderId: id() })
    .transform((message) => {
      const { orderId, businessId } = message;
      return license({
        ...{ intent: 'license.get', orderId, businessId },
        ...{ buyer: buyerOf(message), purchase: purchaseOf(message) },
      });
    }),
  refreshLicense: z.looseObject({ ...renewalFields, instanceId: id() }).transform((message) =>
    license({
      ...{ intent: 'license.refresh', licenseRef: message.instanceId, refersBy: 'instance' },
      ...renewalOf(message),
    }),
  ),
  expireLicense: z
    .looseObject({ instanceId: id(), orderId: optionalId() })
    .transform(({ instanceId, orderId }) =>
      license({
        ...{ intent: 'license.freeze', licenseRef: instanceId, refersBy: 'instance' },
        ...{ orderId, cause: 'expiry' },
      }),
    ),
  releaseLicense: z
    .looseObject({ instanceId: id(), orderId: optionalId() })
    .transform(({ instanceId, orderId }) =>
      license({ intent: 'license.release', licenseRef: instanceId, refersBy: 'instance', orderId }),
    ),
};

/** Online activation: instances as in SaaS V2.0, and Licenses that are uploaded later. */
export const LICENSE_ONLINE = {
  ...INSTANCE_V2,
  getLicenseAsync: z
    .looseObject({
      instanceId: id(),
      effectiveTime: licenseTime,
      expireTime: optionalLicenseTime,
      eventId: id(),
      deviceFingerprint: optionalId(1024),
    })
    .transform(({ instanceId, effectiveTime, expireTime, eventId, deviceFingerprint }) =>
      license({
        ...{ intent: 'license.getAsync', instanceId, eventId, deviceFingerprint },
        ...{ effectiveAt: effectiveTime, expireAt: expireTime },
      }),
    ),
};
