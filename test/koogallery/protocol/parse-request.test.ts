import { expect, it } from 'vitest';
import { encodeExtendParams } from '../../../src/koogallery/protocol/fields.ts';
import type { Generation } from '../../../src/koogallery/protocol/intent.ts';
import type { JsonObject } from '../../../src/koogallery/protocol/json.ts';
import { parseRequest, type ReceivedCall } from '../../../src/koogallery/protocol/parse-request.ts';

const RENEWAL = { orderId: 'CS1', orderLineId: 'l', scene: 'RENEWAL', expireTime: '20250101000000' };

function requestOf(generation: Generation, params: JsonObject, more: Partial<ReceivedCall> = {}) {
  const entrance = generation.endsWith('v1') ? 'GET' : 'POST';
  const parsed = parseRequest({ generation, entrance, params, sellsPayPerUse: false, ...more });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.request;
}

it('takes only "1" and 1 for a debug call, which has no dedupe key', () => {
  const params = { activity: 'releaseInstance', instanceId: 'a' };
  for (const testFlag of ['1', 1])
    expect(requestOf('saas-v2', { ...params, testFlag })).toMatchObject({ isTest: true, dedupe: undefined });
  for (const testFlag of ['0', 0, '', 'true', true, null, '01', [1]])
    expect(requestOf('saas-v2', { ...params, testFlag })).toMatchObject({
      isTest: false,
      dedupe: 'release:a',
    });
});

it('keeps unknown fields, and leaves the token out', () => {
  const params = {
    activity: 'releaseInstance',
    instanceId: 'a',
    orderId: 'o',
    novelty: 'n',
    authToken: 'secret',
  };
  expect(requestOf('saas-v1', params).fields).toEqual({ ...params, authToken: undefined });
});

it('tells the instances of one pay-per-use order of V1.0 by their products', () => {
  const params = {
    activity: 'newInstance',
    customerId: 'c',
    businessId: 'b',
    orderId: 'CS1',
    productId: 'p:1',
  };
  const dedupeOf = (chargingMode: string) =>
    requestOf('saas-v1', { ...params, chargingMode }, { sellsPayPerUse: true }).dedupe;
  expect(dedupeOf('')).toBe('create:CS1:p%3A1');
  expect(dedupeOf('1')).toBe('create:CS1');
  expect(dedupeOf('3')).toBe('create:CS1');
});

it('tells renewals of one order by scene and expiry', () => {
  const params = { activity: 'refreshInstance', instanceId: 'a', ...RENEWAL };
  const dedupe = requestOf('saas-v2', params).dedupe;
  expect(requestOf('saas-v2', { ...params, expireTime: '20250101000000000' }).dedupe).toBe(dedupe);
  expect(requestOf('saas-v2', { ...params, expireTime: '20250102000000' }).dedupe).not.toBe(dedupe);
  expect(requestOf('saas-v2', { ...params, scene: 'SOMETHING_NEW' }).dedupe).not.toBe(dedupe);
});

it('tells applications for a License by event and device', () => {
  const params = {
    activity: 'getLicenseAsync',
    instanceId: 'a',
    eventId: 'e',
    effectiveTime: '20250101000000',
  };
  const dedupeOf = (more: JsonObject) => requestOf('license-online', { ...params, ...more }).dedupe;
  expect(dedupeOf({ deviceFingerprint: 'x'.repeat(1024) })?.length).toBeLessThan(128);
  expect(dedupeOf({ deviceFingerprint: 'x' })).toBe(dedupeOf({ deviceFingerprint: 'x', expireTime: '' }));
  expect(dedupeOf({ deviceFingerprint: 'x' })).not.toBe(dedupeOf({ deviceFingerprint: 'y' }));
});

it('reads who buys what from a V1.0 order, and no order fails for what only informs', () => {
  const params = {
    ...{ activity: 'newInstance', customerId: 'c', customerName: '云商店', businessId: 'b', orderId: 'CS1' },
    ...{ mobilePhone: 'iv+cipher', chargingMode: '1', periodType: 'year', periodNumber: '2', trialFlag: '1' },
    ...{ amount: 'many', expireTime: 'never', orderAmount: '99.125' },
    saasExtendParams: encodeExtendParams([{ name: 'CustName', value: '甲公司' }]),
  };
  expect(requestOf('saas-v1', params)).toMatchObject({
    buyer: { customerId: 'c', customerName: '云商店', mobilePhoneEncrypted: 'iv+cipher' },
    purchase: {
      ...{ chargingMode: '1', periodType: 'year', periodNumber: 2, orderAmount: 99.125, isTrial: true },
      ...{ amount: undefined, expireAt: undefined },
      extendParams: [{ name: 'CustName', value: '甲公司' }],
    },
  });
  for (const saasExtendParams of ['%%%', '', 'bm90IEpTT04=', encodeExtendParams([]), 'WzEsbnVsbF0='])
    expect(requestOf('saas-v1', { ...params, saasExtendParams })).toMatchObject({
      purchase: { extendParams: [] },
    });
});
