import { expect, it } from 'vitest';
import type { Generation } from '../../../src/koogallery/protocol/intent.ts';
import type { JsonObject } from '../../../src/koogallery/protocol/json.ts';
import { kitActivityOf } from '../../../src/koogallery/protocol/kit-messages.ts';
import { parseRequest, type ReceivedCall } from '../../../src/koogallery/protocol/parse-request.ts';

const ORDER = { orderId: 'CS1', orderLineId: 'CS1-000001' };
const EXPIRE_AT = new Date('2025-01-01T00:00:00Z');
const RENEWAL = { ...ORDER, scene: 'RENEWAL', expireTime: '20250101000000' };

function requestOf(generation: Generation, params: JsonObject, more: Partial<ReceivedCall> = {}) {
  const entrance = generation.endsWith('v1') ? 'GET' : 'POST';
  const parsed = parseRequest({ generation, entrance, params, sellsPayPerUse: false, ...more });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.request;
}

it.each<[Generation, JsonObject, JsonObject]>([
  [
    'saas-v2',
    { activity: 'newInstance', ...ORDER, businessId: 'b' },
    { intent: 'create', dedupe: 'create:CS1:CS1-000001' },
  ],
  [
    'saas-v2',
    { activity: 'queryInstance', instanceId: 'a, b,a,' },
    { intent: 'query', instanceIds: ['a', 'b'] },
  ],
  [
    'saas-v2',
    { activity: 'refreshInstance', instanceId: 'a', ...RENEWAL },
    { intent: 'refresh', expireAt: EXPIRE_AT },
  ],
  [
    'saas-v2',
    { activity: 'updateInstanceStatus', instanceId: 'a', status: 'FREEZE' },
    { intent: 'freeze', cause: 'status' },
  ],
  [
    'saas-v2',
    { activity: 'updateInstanceStatus', instanceId: 'a', status: 'UNFROZEN' },
    { intent: 'unfreeze' },
  ],
  [
    'saas-v2',
    { activity: 'releaseInstance', instanceId: 'a', orderId: null },
    { intent: 'release', orderId: undefined, dedupe: 'release:a' },
  ],
  [
    'saas-v2',
    { activity: 'upgradeInstance', instanceId: 'a', ...ORDER },
    { intent: 'upgrade', dedupe: 'upgrade:a:CS1' },
  ],
  [
    'saas-v2',
    { activity: 'changeInstanceCheck', instanceId: 'a', productInfo: { skuCode: 's' } },
    { intent: 'checkChange', productInfo: { skuCode: 's' } },
  ],
  [
    'saas-v2',
    { activity: 'changeInstanceCheck', instanceId: 'a', productInfo: '{"skuCode":"s"}' },
    { productInfo: { skuCode: 's' } },
  ],
  [
    'saas-v2',
    { activity: 'orderNotify', ...ORDER },
    { intent: 'order.notify', dedupe: 'order.notify:CS1:CS1-000001' },
  ],
  [
    'saas-v1',
    { activity: 'newInstance', customerId: 'c', businessId: 'b', orderId: 'CS1' },
    { intent: 'create', dedupe: 'create:CS1' },
  ],
  [
    'saas-v1',
    { activity: 'refreshInstance', instanceId: 'a', ...RENEWAL },
    { intent: 'refresh', scene: 'RENEWAL' },
  ],
  [
    'saas-v1',
    { activity: 'refreshInstance', instanceId: 'a', ...RENEWAL, orderAmount: '-1.5' },
    { scene: 'UNSUBSCRIBE_RENEWAL_PERIOD', orderAmount: -1.5 },
  ],
  [
    'saas-v1',
    { activity: 'refreshInstance', instanceId: 'a', ...RENEWAL, trialToFormal: '1' },
    { scene: 'TRIAL_TO_FORMAL' },
  ],
  [
    'saas-v1',
    { activity: 'expireInstance', instanceId: 'a', orderId: 'CS1' },
    { intent: 'freeze', cause: 'expiry', dedupe: undefined },
  ],
  ['saas-v1', { activity: 'releaseInstance', instanceId: 'a', orderId: 'CS1' }, { intent: 'release' }],
  [
    'saas-v1',
    { activity: 'upgrade', instanceId: 'a', orderId: 'CS2', skuCode: 's' },
    { intent: 'upgrade', purchase: { skuCode: 's' } },
  ],
  [
    'saas-v1',
    { activity: 'instanceStatus', instanceId: 'a', instanceStatus: 'NORMAL' },
    { intent: 'unfreeze' },
  ],
  [
    'saas-v1',
    { activity: 'instanceStatus', instanceId: 'a', instanceStatus: 'FROZEN' },
    { intent: 'freeze', cause: 'status' },
  ],
  ['saas-v1', { activity: 'queryInstance', instanceId: 'a' }, { intent: 'query', instanceIds: ['a'] }],
  [
    'license-v2',
    { activity: 'refreshLicenseCode', license: 'L', ...RENEWAL },
    { intent: 'license.refresh', licenseRef: 'L', refersBy: 'license' },
  ],
  [
    'license-v2',
    { activity: 'updateLicenseCodeStatus', license: 'L', status: 'FREEZE' },
    { intent: 'license.freeze', dedupe: undefined },
  ],
  [
    'license-v2',
    { activity: 'updateLicenseCodeStatus', license: 'L', status: 'UNFREEZE' },
    { intent: 'license.unfreeze' },
  ],
  [
    'license-v2',
    { activity: 'releaseLicenseCode', license: 'L' },
    { intent: 'license.release', dedupe: 'license.release:L' },
  ],
  [
    'license-v1',
    { activity: 'getLicense', customerId: 'c', businessId: 'b', orderId: 'CS1', productId: 'p' },
    { intent: 'license.get', dedupe: 'license.get:CS1' },
  ],
  [
    'license-v1',
    { activity: 'refreshLicense', instanceId: 'a', ...RENEWAL },
    { intent: 'license.refresh', licenseRef: 'a', refersBy: 'instance' },
  ],
  [
    'license-v1',
    { activity: 'expireLicense', instanceId: 'a', orderId: 'CS1' },
    { intent: 'license.freeze', cause: 'expiry' },
  ],
  [
    'license-v1',
    { activity: 'releaseLicense', instanceId: 'a', orderId: 'CS1' },
    { intent: 'license.release' },
  ],
  ['license-online', { activity: 'newInstance', ...ORDER, businessId: 'b' }, { intent: 'create' }],
  [
    'license-online',
    { activity: 'getLicenseAsync', instanceId: 'a', eventId: 'e', effectiveTime: '2025-01-01 00:00:00 z' },
    { intent: 'license.getAsync', effectiveAt: EXPIRE_AT },
  ],
])('%s understands %j', (generation, params, expected) => {
  expect(requestOf(generation, params)).toMatchObject({
    ...expected,
    generation,
    isTest: false,
    fields: params,
  });
});

it.each([
  [
    'tenantSync',
    { instanceId: 'a', tenantId: 't', flag: 1, testFlag: 0 },
    { intent: 'kit.tenant', change: 'add' },
  ],
  [
    'applicationSync',
    { instanceId: 'a', tenantId: 't', clientId: 'c' },
    { intent: 'kit.application', change: undefined },
  ],
  [
    'authSync',
    { instanceId: 'a', tenantId: 't', flag: '0', testFlag: 1 },
    { intent: 'kit.auth', change: 'delete', isTest: true },
  ],
  ['singleOrgSync', { instanceId: 'a', tenantId: 't', flag: 2 }, { intent: 'kit.org', change: 'modify' }],
  [
    'allOrgSync',
    { instanceId: 'a', tenantId: 't', timeStamp: '20220413093539534' },
    { intent: 'kit.orgs', at: new Date('2022-04-13T01:35:39.534Z') },
  ],
])('understands the kit call %s', (activity, params, expected) => {
  for (const generation of ['saas-v1', 'saas-v2'] as const)
    expect(requestOf(generation, params, { entrance: 'KIT', activity })).toMatchObject(expected);
});

it('finds the activity of a kit call in its path', () => {
  expect(kitActivityOf('/produceAPI/v2/tenantSync')).toEqual({ version: 2, activity: 'tenantSync' });
  expect(kitActivityOf('produceAPI/authSync')).toEqual({ version: 1, activity: 'authSync' });
  for (const path of ['/', '/produceAPI/v3/tenantSync', '/produceAPI/toString', '/produceAPI/v2/'])
    expect(kitActivityOf(path)).toBeUndefined();
});
