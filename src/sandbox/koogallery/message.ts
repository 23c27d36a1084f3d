/** What one call of the marketplace is, before it is signed. Types and names only. */
import type { Entrance } from '../../koogallery/protocol/activities.ts';
import type { Intent } from '../../koogallery/protocol/intent.ts';

/** One vocabulary for all generations; each has those that it knows. */
export const STEPS = [
  'create',
  'query',
  'refresh',
  'freeze',
  'unfreeze',
  'expire',
  'upgrade',
  'checkChange',
  'activate',
  'release',
  'notify',
  'kit.tenant',
  'kit.application',
  'kit.auth',
  'kit.org',
  'kit.orgs',
] as const;
export type Step = (typeof STEPS)[number];

export type Fields = Readonly<Record<string, unknown>>;

/** An order as the marketplace knows it. */
export interface SampleOrder {
  orderId: string;
  orderLineId: string;
  productId: string;
  skuCode: string;
  customerId: string;
  customerName: string;
  /** What the seller has told, or what stands for it. */
  instanceId: string;
  /** Of License 2.0, issued by the marketplace. */
  license: string;
}

/** What differs from one call to the next. */
export interface Occasion {
  order: SampleOrder;
  /** Another one for each call. */
  businessId: string;
  /** Of the renewal, upgrade or cancellation; another one for each event, the same when its call is sent again. */
  eventId: string;
  /** `expireTime`, written. */
  expireTime: string;
  /** Encrypts a sensitive field of V1.0. */
  seal: (text: string) => string;
}

export interface Message {
  activity: string;
  entrance: Entrance;
  intent: Intent['intent'];
  /** A seller whose products do not need it may leave it out. */
  isOptional?: true;
  /** A field without which the call must be refused. */
  requires: string;
  /** Fields that may be left out. */
  optional?: readonly string[];
  /** Values with which it may come besides those of `fields`. */
  forms?: readonly Fields[];
  fields: (occasion: Occasion) => Fields;
}

export type Messages = Readonly<Partial<Record<Step, Message>>>;
