/** From what the marketplace wants to the change in the registry that does it, and the code for each outcome. Pure. */
import { createHash, randomUUID } from 'node:crypto';
import { addressesOf, type OpenChannel } from '../channels.ts';
import { formLinkOf } from '../form/link.ts';
import { createKeysV1, dedupeKeyOf } from '../protocol/dedupe.ts';
import type { Intent, Kit, MarketplaceRequest } from '../protocol/intent.ts';
import type { ResultCode } from '../protocol/result-codes.ts';
import { parseCompactUtc } from '../protocol/time.ts';
import type { Change, Codes } from '../registry/accept.ts';
import { sealAccess } from '../registry/access.ts';
import type { Seal } from '../seal.ts';

/** What may stand in the key of an instance and in lists of ids. Ours do; the marketplace's are not specified. */
const USABLE_ID = /^(?!order\.)[\w.~@+-]{1,64}$/;

type CodeOf = Record<keyof Codes, ResultCode>;

const CODES = {
  accepted: '000000',
  repeated: '000000',
  unknown: '000003',
  released: '000003',
  exhausted: '000100',
  replayed: '000001',
} as const satisfies Codes;
/** V2.0 asks again until an instance is ready. */
const CODES_V2 = { ...CODES, waiting: '000004', failed: '000104' } as const satisfies CodeOf;
/** Nothing runs any more, which is what was wanted. */
const CODES_AFTER_RELEASE = { ...CODES, released: '000000' } as const satisfies Codes;

export interface Planned {
  change: Change;
  codes: Codes;
}

export interface Planning {
  channel: OpenChannel;
  seal: Seal;
  /** The fields of the call, personal data sealed. */
  fields: Readonly<Record<string, unknown>>;
}

/** Whether an id can be one of an instance. */
export function isUsableId(id: string): boolean {
  return USABLE_ID.test(id);
}

type Of<Word extends Intent['intent']> = Extract<MarketplaceRequest, { intent: Word }>;
export type Changing = Exclude<MarketplaceRequest, { intent: 'query' | 'checkChange' }>;

/** @param isSecond the id that was proposed first belongs to another order */
export function planChange(request: Changing, planning: Planning, isSecond = false): Planned {
  switch (request.intent) {
    case 'create':
    case 'license.get':
      return planCreate(request, planning, isSecond);
    case 'refresh':
    case 'license.refresh':
      return planRefresh(request, planning);
    case 'freeze':
    case 'unfreeze':
    case 'release':
    case 'license.freeze':
    case 'license.unfreeze':
    case 'license.release':
      return planWish(request, planning);
    default:
      return planNote(request, planning);
  }
}

/** The instance that a call is about; undefined if it makes one, or is about an order. */
export function targetOf(request: MarketplaceRequest): string | undefined {
  if ('licenseRef' in request) return request.licenseRef;
  return 'instanceId' in request ? request.instanceId : undefined;
}

function planCreate(
  request: Of<'create' | 'license.get'>,
  { channel, seal, fields }: Planning,
  isSecond: boolean,
): Planned {
  const { businessId, purchase, buyer, orderId, generation, dedupe = '' } = request;
  const id = isSecond || !isUsableId(businessId) ? randomUUID() : businessId;
  const orderLineId = request.intent === 'create' ? request.orderLineId : undefined;
  const takesLicense = request.intent === 'license.get';
  const set = textsOf({
    ...{ orderId, orderLineId },
    ...{ productId: purchase?.productId, skuCode: purchase?.skuCode },
    expireAt: purchase?.expireAt?.getTime(),
    buyer: buyer && JSON.stringify(buyerOf(fields)),
    order: JSON.stringify(fields),
    access: takesLicense ? undefined : sealAccess(seal, firstAddresses(channel, id)),
  });
  return {
    change: {
      ...{ op: 'create', id, orderKey: dedupe, takesLicense, set, ...saidAtOf(request) },
      ...(generation === 'saas-v1' && { orderKeys: createKeysV1(request) }),
      kind: generation.startsWith('license') ? 'license' : 'saas',
      task: takesLicense ? 'license.issue' : 'instance.create',
      // A license that was loaded before is all that there is to deliver.
      settles: takesLicense || settlesIn(channel),
    },
    // V1.0 knows no opening in the background.
    codes: generation === 'saas-v1' || takesLicense ? CODES : CODES_V2,
  };
}

/** Where a customer is registered first, the form is told: V1.0 tells it for ever, and its page leads on. */
function firstAddresses({ provision, ...channel }: OpenChannel, id: string) {
  const addresses = addressesOf(channel, id);
  if (provision.kind !== 'chatapp') return addresses;
  return { ...addresses, frontEndUrl: formLinkOf({ ...channel, provision }, id) };
}

/** Sealed as they are in the fields. */
function buyerOf({ customerId, customerName, userId, userName, mobilePhone, email }: Planning['fields']) {
  return textsOf({ customerId, customerName, userId, userName, mobilePhone, email });
}

function planRefresh(request: Of<'refresh' | 'license.refresh'>, planning: Planning): Planned {
  const { scene, expireAt, productId, dedupe = '' } = request;
  const kind = kindOf(request);
  const named = { op: 'refresh', task: `${kind}.refresh`, dedupe } as const;
  const about = { ...named, ...aboutOf(request, planning), ...saidAtOf(request) };
  const set = textsOf({ productId, expireAt: expireAt.getTime() });
  // A renewal for another kind of period keeps the SKU. Whether the end of a trial or a change does is not documented.
  const keepsSku = scene === 'RENEWAL' || scene === 'UNSUBSCRIBE_RENEWAL_PERIOD';
  const change: Change = { ...about, set, ...(!keepsSku && { leavesSku: true }) };
  // Taking a renewal back is no reason to go on.
  if (scene === 'UNSUBSCRIBE_RENEWAL_PERIOD') return { change, codes: CODES };
  return { change: { ...change, revives: `${kind}.unfreeze` }, codes: CODES };
}

type Wish =
  | Of<'freeze' | 'unfreeze' | 'release'>
  | Of<'license.freeze' | 'license.unfreeze' | 'license.release'>;

function planWish(request: Wish, planning: Planning): Planned {
  const op = request.intent.replace('license.', '') as 'freeze' | 'unfreeze' | 'release';
  const task = `${kindOf(request)}.${op}` as const;
  const change = { op, task, ...aboutOf(request, planning), ...saidAtOf(request) } as const;
  return { change, codes: op === 'freeze' ? CODES_AFTER_RELEASE : CODES };
}

type KitNote = Of<`kit.${Kit}`>;
type Note = Exclude<Changing, Wish | Of<'create' | 'license.get' | 'refresh' | 'license.refresh'>>;

function planNote(request: Note, { channel }: Planning): Planned {
  const settles = settlesIn(channel);
  if (request.intent === 'order.notify') {
    const { orderId, orderLineId, dedupe = '' } = request;
    const about = { op: 'note', id: asideOf(orderId), dedupe, task: 'order.notify', settles } as const;
    const orderKey = createKeyOf(request, orderId, orderLineId);
    return { change: { ...about, orderKey, opens: 'order', harmless: true }, codes: CODES };
  }
  if (isKit(request)) return planKit(request, settles);
  const about = { op: 'note', id: request.instanceId, settles } as const;
  if (request.intent === 'upgrade') {
    const { purchase, dedupe = '' } = request;
    const set = textsOf({ productId: purchase?.productId, skuCode: purchase?.skuCode });
    return { change: { ...about, task: 'instance.upgrade', dedupe, set }, codes: CODES };
  }
  const { dedupe = '' } = request;
  // After its release, nothing is left of the order.
  return { change: { ...about, task: 'license.issue', dedupe }, codes: { ...CODES, released: '000901' } };
}

const isKit = (request: Note): request is KitNote => request.intent.startsWith('kit.');

/** A seller who applies for credentials has no instance yet: what is said then is kept by itself, for each tenant. */
function planKit(request: KitNote, settles: boolean): Planned {
  const { intent: task, fields, instanceId, tenantId, change: wanted } = request;
  // Sent again, it has the same time; a later one that says the same is another one.
  const dedupe = `${task}:${digestOf(JSON.stringify(fields))}`;
  const saidAt = request.at?.getTime();
  const about = { op: 'note', task, dedupe, settles, passing: true, ...(saidAt && { saidAt }) } as const;
  if (instanceId === undefined)
    return {
      change: { ...about, id: asideOf(`kit ${tenantId}`), opens: 'order', harmless: true },
      codes: CODES,
    };
  const harmless = wanted === 'delete' || wanted === 'revoke';
  return { change: { ...about, id: instanceId, harmless }, codes: CODES };
}

/** What is known beside all instances has an id that none of them can have. */
function asideOf(name: string): string {
  return `order.${digestOf(name).slice(0, 32)}`;
}

/** By what the create of an order is known in this channel. */
function createKeyOf({ generation }: MarketplaceRequest, orderId: string, orderLineId: string): string {
  const order = { orderId, businessId: '' };
  const nobody = { buyer: { customerId: '' }, purchase: { extendParams: [] } };
  const creates: Record<MarketplaceRequest['generation'], Intent> = {
    'saas-v2': { intent: 'create', ...order, orderLineId },
    'license-online': { intent: 'create', ...order, orderLineId },
    'saas-v1': { intent: 'create', ...order },
    'license-v1': { intent: 'license.get', ...order, ...nobody },
    // The marketplace issues those.
    'license-v2': { intent: 'create', ...order, orderLineId },
  };
  return dedupeKeyOf(creates[generation], false) ?? '';
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function aboutOf(request: MarketplaceRequest, { channel }: Planning) {
  const adopts = 'refersBy' in request && request.refersBy === 'license';
  const kind = 'license' as const;
  return { id: targetOf(request) ?? '', settles: settlesIn(channel), ...(adopts && { adopts, kind }) };
}

/** Calls of V1.0 and of the old License have no nonce. A time that cannot be read is no reason to doubt one. */
function saidAtOf({ generation, fields }: MarketplaceRequest): { saidAt?: number } {
  if (generation !== 'saas-v1' && generation !== 'license-v1') return {};
  const saidAt = parseCompactUtc(String(fields.timeStamp))?.getTime();
  return saidAt === undefined ? {} : { saidAt };
}

function kindOf({ intent }: MarketplaceRequest): 'instance' | 'license' {
  return intent.startsWith('license.') ? 'license' : 'instance';
}

/** Nobody is told, so nobody needs to do anything. */
function settlesIn({ provision }: OpenChannel): boolean {
  return provision.kind === 'none';
}

function textsOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const present = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
}
