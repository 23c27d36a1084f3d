import { expect, it } from 'vitest';
import { encodedRequestBytes } from '../../src/customer/rules.ts';

const customer = {
  CustSpaceId: 'C01',
  CustName: 'Aliyun',
  OfficeAddress: 'Hangzhou',
  ContactMail: 'partner@aliyun.com',
  CountryId: 'CN',
  BusinessDesc: 'Marketing',
};

it('counts the bytes of a request as they are encoded', () => {
  expect(
    encodedRequestBytes({ ...customer, CustName: '测' }) - encodedRequestBytes({ ...customer, CustName: '' }),
  ).toBe(9);
});
