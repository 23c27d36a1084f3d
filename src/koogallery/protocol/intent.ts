/**
 * What the marketplace wants, in one vocabulary for all generations. A receiver switches on `intent` and need not know
 * which of five protocols said it. Types only.
 */
import type { ExtendParam } from './fields.ts';
import type { JsonObject } from './json.ts';

/** The protocols; one channel speaks one of them. */
export const GENERATIONS = ['saas-v2', 'saas-v1', 'license-v2', 'license-v1', 'license-online'] as const;
export type Generation = (typeof GENERATIONS)[number];

/** The interfaces of joint operation, each on a path of its own. */
export type Kit = 'tenant' | 'application' | 'auth' | 'org' | 'orgs';

/** Known reasons of a renewal. Others are let through: a refusal may cost the customer the service. */
export const SCENES = ['TRIAL_TO_FORMAL', 'RENEWAL', 'UNSUBSCRIBE_RENEWAL_PERIOD', 'RENEWAL_CHANGE'] as const;
/** One of `SCENES`, or another word of the marketplace. V1.0 has no word; it is derived there. */
export type Scene = (typeof SCENES)[number] | (string & {});

/** Who buys. Only V1.0 and the old License say so in the call; elsewhere the order query does. */
export interface Buyer {
  customerId: string;
  customerName?: string | undefined;
  userId?: string | undefined;
  userName?: string | undefined;
  /** As it came, encrypted: `decryptField`. */
  mobilePhoneEncrypted?: string | undefined;
  emailEncrypted?: string | undefined;
}

/** What is bought, as far as V1.0 and the old License say it in the call. */
export interface Purchase {
  productId?: string | undefined;
  skuCode?: string | undefined;
  /** `1` is a period, `3` once; pay-per-use is not documented. */
  chargingMode?: string | undefined;
  periodType?: string | undefined;
  periodNumber?: number | undefined;
  /** Linear attributes: a count, GB, Mbps. */
  amount?: number | undefined;
  diskSize?: number | undefined;
  bandWidth?: number | undefined;
  /** What the buyer paid, in the currency of the site. */
  orderAmount?: number | undefined;
  isTrial?: boolean | undefined;
  /** An estimate; the expiry is driven by later calls. */
  expireAt?: Date | undefined;
  extendParams: ExtendParam[];
}

/** The order that a call belongs to. `orderLineId` is missing in V1.0 and the old License. */
export interface OrderRef {
  orderId: string;
  orderLineId?: string | undefined;
}

/** A renewal, its cancellation, or the end of a trial: the expiry becomes `expireAt`, which may be earlier than before. */
export interface Renewal extends OrderRef {
  scene: Scene;
  expireAt: Date;
  productId?: string | undefined;
  periodType?: string | undefined;
  periodNumber?: number | undefined;
  /** Negative if a renewal is cancelled. */
  orderAmount?: number | undefined;
}

/** A License: its code in License 2.0, which the marketplace issues; in the old License the id of its instance. */
export interface LicenseRef {
  licenseRef: string;
  refersBy: 'license' | 'instance';
}

export type SaasIntent =
  | (OrderRef & { intent: 'create'; businessId: string; buyer?: Buyer; purchase?: Purchase })
  | { intent: 'query'; instanceIds: string[] }
  | (Renewal & { intent: 'refresh'; instanceId: string })
  | { intent: 'freeze'; instanceId: string; cause: 'status' | 'expiry'; orderId?: string | undefined }
  | { intent: 'unfreeze'; instanceId: string }
  | (Partial<OrderRef> & { intent: 'release'; instanceId: string })
  | (OrderRef & { intent: 'upgrade'; instanceId: string; purchase?: Purchase })
  | { intent: 'checkChange'; instanceId: string; productInfo: JsonObject };

export type LicenseIntent =
  | (OrderRef & { intent: 'license.get'; businessId: string; buyer: Buyer; purchase: Purchase })
  | {
      intent: 'license.getAsync';
      instanceId: string;
      eventId: string;
      effectiveAt: Date;
      expireAt?: Date | undefined;
      deviceFingerprint?: string | undefined;
    }
  | (Renewal & LicenseRef & { intent: 'license.refresh' })
  | (LicenseRef & { intent: 'license.freeze'; cause: 'status' | 'expiry'; orderId?: string | undefined })
  | (LicenseRef & { intent: 'license.unfreeze' })
  | (Partial<OrderRef> & LicenseRef & { intent: 'license.release' });

export type KitIntent = {
  [K in Kit]: {
    intent: `kit.${K}`;
    /** Missing while a seller applies for credentials. */
    instanceId?: string | undefined;
    orderId?: string | undefined;
    tenantId: string;
    /** What `flag` says: 0, 1, 2, 3. The full organisation tree has none. */
    change?: 'delete' | 'add' | 'modify' | 'revoke' | undefined;
    /** When the marketplace made the call; written in UTC+8. */
    at?: Date | undefined;
  };
}[Kit];

/** The order is to be looked up: whatever changed about it is not in the call. */
export type OrderIntent = { intent: 'order.notify'; orderId: string; orderLineId: string };

export type Intent = SaasIntent | LicenseIntent | KitIntent | OrderIntent;

/** A request that was understood. */
export type MarketplaceRequest = Intent & {
  generation: Generation;
  /** As the marketplace names it; for a kit call the last part of its path. */
  activity: string;
  /** A debug call: it gets a complete answer and touches nothing. */
  isTest: boolean;
  /** Everything that came, unknown fields too, but for `authToken`. */
  fields: JsonObject;
  /**
   * The same for each repetition of one order to act, within a channel. Undefined for what only reads, for what sets a
   * state (the same order can expire, be renewed and expire again), and for debug calls.
   */
  dedupe: string | undefined;
};
