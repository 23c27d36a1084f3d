import { expect, it } from 'vitest';
import type { Generation } from '../../../src/koogallery/protocol/intent.ts';
import type { JsonObject } from '../../../src/koogallery/protocol/json.ts';
import { parseRequest, type ReceivedCall } from '../../../src/koogallery/protocol/parse-request.ts';

const ORDER = { orderId: 'CS1', orderLineId: 'CS1-000001' };
const RENEWAL = { ...ORDER, scene: 'RENEWAL', expireTime: '20250101000000' };

function call(generation: Generation, params: JsonObject, more: Partial<ReceivedCall> = {}) {
  const entrance = generation.endsWith('v1') ? 'GET' : 'POST';
  return parseRequest({ generation, entrance, params, sellsPayPerUse: false, ...more });
}

it.each<[Generation, JsonObject, string]>([
  ['saas-v2', { activity: 'newInstance', orderId: 'o', orderLineId: 'l' }, 'businessId'],
  ['saas-v2', { activity: 'newInstance', ...ORDER, businessId: 'b'.repeat(65) }, 'businessId'],
  ['saas-v2', { activity: 'newInstance', ...ORDER, businessId: 7 }, 'businessId'],
  ['saas-v2', { activity: 'newInstance', ...ORDER, businessId: ['b'] }, 'businessId'],
  ['saas-v2', { activity: 'queryInstance', instanceId: ' , ' }, 'instanceId'],
  [
    'saas-v2',
    { activity: 'queryInstance', instanceId: Array.from({ length: 101 }, (_, i) => i).join() },
    'instanceId',
  ],
  ['saas-v2', { activity: 'refreshInstance', instanceId: 'a', ...RENEWAL, expireTime: '2025' }, 'expireTime'],
  ['saas-v2', { activity: 'updateInstanceStatus', instanceId: 'a', status: 'MELT' }, 'status'],
  ['saas-v2', { activity: 'changeInstanceCheck', instanceId: 'a' }, 'productInfo'],
  ['saas-v2', { activity: 'changeInstanceCheck', instanceId: 'a', productInfo: '[]' }, 'productInfo'],
  [
    'license-online',
    { activity: 'getLicenseAsync', instanceId: 'a', eventId: 'e', effectiveTime: 'x' },
    'effectiveTime',
  ],
])('%s refuses %j', (generation, params, field) => {
  const parsed = call(generation, params);
  expect(parsed).toMatchObject({ ok: false, reason: 'invalid', activity: params.activity });
  expect(JSON.stringify(parsed)).toContain(`"field":"${field}"`);
});

it.each<[Generation, JsonObject, Partial<ReceivedCall>]>([
  ['saas-v2', {}, {}],
  ['saas-v2', { activity: ['newInstance'] }, {}],
  ['saas-v2', { activity: 'constructor' }, {}],
  ['saas-v2', { activity: 'instanceStatus' }, {}],
  ['saas-v2', { activity: 'newInstance' }, { entrance: 'GET' }],
  ['saas-v1', { activity: 'newInstance' }, { entrance: 'POST' }],
  ['license-v2', { activity: 'newInstance' }, {}],
  ['license-v2', {}, { entrance: 'KIT', activity: 'tenantSync' }],
])('%s does not know %j %j', (generation, params, more) => {
  expect(call(generation, params, more)).toMatchObject({ ok: false, reason: 'unknown-activity' });
});

it('bounds the name of an unknown activity', () => {
  const parsed = call('saas-v2', { activity: 'x'.repeat(1000), testFlag: '1' });
  expect(parsed).toEqual({ ok: false, reason: 'unknown-activity', activity: 'x'.repeat(64), isTest: true });
});
