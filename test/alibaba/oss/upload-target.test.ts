import { expect, it } from 'vitest';
import { type IsvTermsKind, isvTermsValue, objectKeyOf } from '../../../src/alibaba/oss/upload-target.ts';

const TARGET = {
  bucket: 'oss-bucket',
  endpoint: 'https://oss-ap-southeast-1.aliyuncs.com',
  directory: 'C1/terms',
};

it('the object key of a file is below the directory of the authorization', () => {
  expect(objectKeyOf(TARGET, 'a.pdf')).toBe('C1/terms/a.pdf');
});

it.each<[IsvTermsKind, string]>([
  ['fileName', 'a.pdf'],
  ['objectKey', 'C1/terms/a.pdf'],
  ['url', 'https://oss-bucket.oss-ap-southeast-1.aliyuncs.com/C1/terms/a.pdf'],
])('IsvTerms as %s is %s', (kind, value) => {
  expect(isvTermsValue(kind, TARGET, 'a.pdf')).toBe(value);
});
