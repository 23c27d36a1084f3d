import { expect, it } from 'vitest';
import { fingerprintOf } from '../../src/customer/fingerprint.ts';

const customer = {
  CustSpaceId: 'C01',
  CustName: 'Aliyun',
  OfficeAddress: 'Hangzhou',
  ContactMail: 'partner@aliyun.com',
  CountryId: 'CN',
  BusinessDesc: 'Marketing',
};

it('makes a fingerprint that depends on every field and on the agreement, not on where a text is cut', () => {
  const base = fingerprintOf(customer, 'aa');
  expect(fingerprintOf(customer, 'ab')).not.toBe(base);
  expect(fingerprintOf({ ...customer, CustName: 'AliyunH', OfficeAddress: 'angzhou' }, 'aa')).not.toBe(base);
  expect(fingerprintOf({ ...customer }, 'aa')).toBe(base);
});
