/** Vectors that were computed with OpenJDK 17. */
import { expect, it } from 'vitest';
import { authToken } from '../../../src/koogallery/protocol/auth-token.ts';
import { bodySign } from '../../../src/koogallery/protocol/body-sign.ts';
import { kitSignature, v2Signature } from '../../../src/koogallery/protocol/body-signature.ts';
import { hmacSha256 } from '../../../src/koogallery/protocol/hmac.ts';
import { javaSha1Prng } from '../../../src/koogallery/protocol/java-random.ts';
import { readQuery } from '../../../src/koogallery/protocol/query.ts';
import { encryptField } from '../../../src/koogallery/protocol/sensitive-field.ts';
import { usageSignature } from '../../../src/koogallery/protocol/usage-signature.ts';

const KEY = '00000000-1111-2222-3333-444444444444';
const IV = '0123456789abcdef';
const NONCE = '50D83FDECAED6CCD8EF597F2A577950527928BA287D04E6036E92B2806FD17DA';
const TIMESTAMP = '1680508066618';
const A =
  'activity=newInstance&businessId=61e834ba-7b97-4418-b8f7-e5345137278c&customerId=68cbc86abc2018ab880d92f36422fa0e&expireTime=20250101000000&orderId=CS1906666666ABCDE&productId=00301-666666-0--0&testFlag=1&timeStamp=20240102030405678';
const B =
  '{"activity":"newInstance","businessId":"87b94795-0603-4e24-8ae5-69420d60e3c8","orderId":"CS2211181819B4LVS","orderLineId":"CS2211181819B4LVS-000001","testFlag":"1"}';
const C =
  '{"activity":"updateLicenseCodeStatus","license":"PL0000000000000001","status":"FREEZE","testFlag":"1"}';
const D =
  '{"domainName":"https://example.tenantaccount.com","flag":1,"instanceId":"huaiweitest123456","name":"huaiweitest","orderId":"CS1906666666ABCDE","tenantCode":"huawei","tenantId":"68cbc86abc2018ab880d92f36422fa0e","testFlag":1,"timeStamp":"20220413093539534"}';
const E =
  '{"usage_records":[{"begin_time":"20220809T080000Z","end_time":"20220809T090000Z","instance_id":"7f141bf1-aec8-4859-8323-fb3a8ad50721","metering_sn":"6c63c221-0000-4141-8ff4-22f5dfe82b65","record_time":"20220809T091000Z","usage_value":"99"}]}';

it.each([
  [1, 16, 'b8b0019995f28965092c88ca8020be05'],
  [2, 32, 'b8b0019995f28965092c88ca8020be0533c1d2fa1b453ee1fc7c4865c719fe18'],
])('vector %i: SHA1PRNG, %i bytes', (_, length, hex) => {
  expect(javaSha1Prng(Buffer.from(KEY), length).toString('hex')).toBe(hex);
});

it.each([
  [3, '1', 'admin', 'yFrx9pGQO52qPFBbQhKPVw=='],
  [4, '1', '13800000000', 'SkBJHEyx0zU+XkC19dbxxw=='],
  [5, '1', 'user@example.com', 'kCtnNkWIT51Yzr4gn+PeKrYSHoL1IfE4g7+3FvUxrwQ='],
  [6, '2', 'admin', 'sKi6YZ3BYDeXwOE24MTJTQ=='],
  [7, '2', '13800000000', 'oEwLB7ZgYPjGq5lU3gk6hw=='],
  [8, '2', 'user@example.com', '3s6bDNtbEP1SuGRbnENxyLEHZGZ3gkki61uEjGfTpcQ='],
] as const)('vector %i: encryptType %s of %s', (_, encryptType, plain, ciphertext) => {
  expect(encryptField({ key: KEY, encryptType }, plain, IV)).toBe(IV + ciphertext);
});

it('vector 9: V1.0 authToken', () => {
  expect(authToken(KEY, readQuery(A).params)).toBe('ckoZW3gS1bpzLX3aDzWjfwZQr1MMXhgz6wtXQ4TcV4s=');
});

it('vector 10: Body-Sign', () => {
  expect(bodySign(KEY, '{"resultCode":"000000","resultMsg":"success."}')).toBe(
    'sign_type="HMAC-SHA256", signature= "wd1JabGmHPwqq+/pu2hy00t74rTgYioCEzR6Mm27LbU="',
  );
});

it.each([
  [11, B, '841211b62a696d479650f186e0e8c6bc471ee4e091ca0082f4ac4a64bed266e4'],
  [13, C, 'f2f797c10a1a96adbdd170eda34137678f1c8508970e9602123be39084bde18c'],
])('vector %i: inner HMAC', (_, payload, hex) => {
  expect(hmacSha256(KEY, payload).toString('hex')).toBe(hex);
});

it('vector 12: V2.0 signature', () => {
  const signature = v2Signature(KEY, { nonce: NONCE, timestamp: TIMESTAMP, payload: B });
  expect(signature.toUpperCase()).toBe('497BCA0F783D28A4CFA40D1EC642E5E683598CE08F04FF363FABEC130C95E8AE');
});

it('vector 13: License 2.0 signature', () => {
  expect(v2Signature(KEY, { nonce: 'RLLUammMSInlrNWb', timestamp: '1666677988730', payload: C })).toBe(
    '1ca3a856e4fa5c0c6c23ee50f16b83b5c42e4413f97c6e259dcfe7b8cc0ad98c',
  );
});

it('vector 14: kit x-sign', () => {
  const signature = kitSignature(KEY, { nonce: NONCE, timestamp: TIMESTAMP, payload: D });
  expect(signature.toUpperCase()).toBe('10A458F02171C9EEA48327BD4C76E017D1CFE47042F2265367ADA879FABB1341');
});

it('vector 15: usage push', () => {
  const call = { ts: '1709690865879', nonce: '6c63c221-1f6b-4141-8ff4-22f5dfe82b65', body: E };
  expect(usageSignature(KEY, call)).toBe('GpLMjcAyhiQ979oAi86ZEdWKPvRD8yyU+IULYKBLEpQ=');
});
