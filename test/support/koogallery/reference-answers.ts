/** What a seller decides, written from koogallery.md: what is asked of each activity, and what becomes of instances. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { encryptAs2 } from './reference-crypto.ts';
import type { Fault } from './reference-faults.ts';

type Params = Record<string, unknown>;
type Answer = Record<string, unknown>;

export interface SellerInstance {
  instanceId: string;
  license: string;
  password: string;
  polls: number;
  state: 'active' | 'frozen' | 'released';
}

export interface Seller {
  key: string;
  isV1: boolean;
  faults: ReadonlySet<Fault>;
  /** By order. */
  orders: Map<string, SellerInstance>;
  calls: Map<string, number>;
}

/** Mandatory fields. */
const REQUIRED: Record<string, readonly string[]> = {
  newInstance: ['businessId', 'orderId'],
  queryInstance: ['instanceId'],
  refreshInstance: ['instanceId', 'orderId', 'expireTime'],
  updateInstanceStatus: ['instanceId', 'status'],
  releaseInstance: ['instanceId'],
  upgradeInstance: ['instanceId', 'orderId'],
  changeInstanceCheck: ['instanceId', 'productInfo'],
  expireInstance: ['instanceId'],
  instanceStatus: ['instanceId', 'instanceStatus'],
  upgrade: ['instanceId', 'orderId'],
  refreshLicenseCode: ['license', 'expireTime'],
  updateLicenseCodeStatus: ['license', 'status'],
  releaseLicenseCode: ['license'],
  getLicense: ['orderId', 'businessId'],
  refreshLicense: ['instanceId', 'expireTime'],
  expireLicense: ['instanceId'],
  releaseLicense: ['instanceId'],
  getLicenseAsync: ['instanceId', 'eventId'],
  orderNotify: ['orderId'],
  tenantSync: ['tenantId', 'flag'],
  applicationSync: ['tenantId'],
  authSync: ['tenantId', 'flag'],
  singleOrgSync: ['tenantId', 'flag'],
  allOrgSync: ['tenantId'],
};

const fine: Answer = { resultCode: '000000', resultMsg: 'success.' };
const refused = (resultCode: string): Answer => ({ resultCode, resultMsg: 'refused.' });

export async function decide(activity: string, params: Params, seller: Seller): Promise<Answer> {
  const { faults, calls } = seller;
  const required = REQUIRED[activity];
  if (activity === 'orderNotify' && faults.has('noNotify')) return refused('000002');
  if (required === undefined) return faults.has('acceptsUnknown') ? fine : refused('000002');
  if (required.some((name) => !isGiven(params[name], name, faults))) return refused('000002');
  if (faults.has('strictFields') && 'probeExtra' in params) return refused('000002');
  if (faults.has('only14') && String(params.expireTime ?? '').length === 17) return refused('000002');
  if (faults.has('onlyRenews') && (params.scene ?? 'RENEWAL') !== 'RENEWAL') return refused('000002');
  if (faults.has('wantsAll') && activity === 'releaseInstance' && params.orderId === undefined)
    return refused('000002');
  if (faults.has('fails') && activity === 'releaseInstance') return refused('000005');
  const id = `${activity} ${params.orderId ?? params.instanceId ?? params.license}`;
  calls.set(id, (calls.get(id) ?? 0) + 1);
  if (faults.has('failsAgain') && (calls.get(id) ?? 0) > 1) return refused('000103');
  const isFlagged = faults.has('zeroIsDebug')
    ? params.testFlag !== undefined
    : String(params.testFlag) === '1';
  const isDebug = isFlagged && !faults.has('debugIsReal');
  return isDebug ? debugAnswer(activity, params, seller) : realAnswer(activity, params, seller);
}

function isGiven(value: unknown, name: string, faults: ReadonlySet<Fault>): boolean {
  if (value === undefined) return faults.has('acceptsAll');
  const isRight =
    typeof value === 'string' || name === 'flag' || (name === 'productInfo' && !Array.isArray(value));
  return isRight || faults.has('acceptsTypes');
}

function debugAnswer(activity: string, params: Params, seller: Seller): Answer {
  const { faults, orders } = seller;
  if (faults.has('refusesUnseen')) {
    const known = orders.get('debug');
    if (activity === 'newInstance') orders.set('debug', known ?? instanceOf(String(params.businessId)));
    else if (known?.instanceId !== params.instanceId) return refused('000003');
  }
  const id = faults.has('newEachTime') ? randomUUID() : String(params.businessId ?? params.instanceId);
  if (activity === 'queryInstance') return queried(id.split(',').map(instanceOf), seller);
  if (activity === 'newInstance' || activity === 'getLicense') return created(instanceOf(id), seller);
  return fine;
}

async function realAnswer(activity: string, params: Params, seller: Seller): Promise<Answer> {
  const { faults, orders, isV1 } = seller;
  if (activity === 'newInstance' || activity === 'getLicense') {
    if (faults.has('racing') && !orders.has(String(params.orderId))) await sleep(20);
    const made = faults.has('racing') ? undefined : orders.get(String(params.orderId));
    const instance = (faults.has('newEachTime') ? undefined : made) ?? instanceOf(String(params.businessId));
    orders.set(String(params.orderId), instance);
    return isV1 || instance.polls > 1
      ? created(instance, seller)
      : { ...created(instance, seller), resultCode: '000004' };
  }
  const id = params.instanceId ?? params.license;
  const instance = [...orders.values()].find(({ instanceId }) => instanceId === id);
  if (activity === 'orderNotify') return fine;
  if (params.flag === 0 && instance?.state !== 'active')
    return faults.has('checksDeletes') ? refused('000003') : fine;
  if (instance === undefined)
    return faults.has('unknownIsFine') || 'license' in params ? fine : refused('000003');
  if (activity !== 'queryInstance') return changed(activity, params, instance);
  instance.polls += 1;
  if (instance.state === 'released') return refused('000003');
  const isReady = isV1 || (instance.polls > 1 && !faults.has('neverReady'));
  return isReady ? queried([instance], seller) : refused('000004');
}

function changed(activity: string, params: Params, instance: SellerInstance): Answer {
  if (/^release/.test(activity)) instance.state = 'released';
  if (instance.state === 'released') return fine;
  const status = params.status ?? params.instanceStatus;
  if (status === 'FREEZE' || /^expire/.test(activity)) instance.state = 'frozen';
  else if (status !== undefined || /^refresh/.test(activity)) instance.state = 'active';
  return fine;
}

function instanceOf(instanceId: string): SellerInstance {
  const [license, password] = [`L-${instanceId}`, `p-${instanceId.slice(0, 8)}`];
  return { instanceId, license, password, polls: 0, state: 'active' };
}

function created({ instanceId, license, password }: SellerInstance, seller: Seller): Answer {
  const { isV1, faults } = seller;
  const id = faults.has('longInstance') ? 'i'.repeat(65) : instanceId;
  return {
    ...fine,
    ...(!faults.has('noInstance') && { instanceId: id }),
    ...(isV1 && { license, encryptType: '2', appInfo: accessOf(password, seller) }),
  };
}

function queried(instances: readonly SellerInstance[], seller: Seller): Answer {
  const { isV1, faults } = seller;
  const told = faults.has('onlyFirst') ? instances.slice(0, 1) : instances;
  const info = told.map((instance) => entryOf(instance, seller));
  return { ...fine, ...(isV1 && { encryptType: '2' }), info };
}

function entryOf({ instanceId, password }: SellerInstance, seller: Seller): Answer {
  const { faults } = seller;
  const usage = {
    usageValue: faults.has('badUsage') ? '1.23456' : 12.5,
    statisticalTime: '20260101000000000',
  };
  const id = faults.has('infoForOther') ? 'other' : instanceId;
  return { instanceId: id, appInfo: accessOf(password, seller), usageInfo: [usage] };
}

function accessOf(password: string, { key, isV1, faults }: Seller): Answer {
  const secret = faults.has('newSecrets') ? randomUUID() : password;
  const sealed = (text: string) => (isV1 && !faults.has('plainSecrets') ? encryptAs2(key, text) : text);
  return {
    ...(!faults.has('noFrontEnd') && { frontEndUrl: 'https://shop.example.com/login' }),
    ...{ userName: sealed('admin'), password: sealed(secret), memo: '欢迎' },
  };
}
