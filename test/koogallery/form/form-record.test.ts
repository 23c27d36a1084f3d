import { expect, it } from 'vitest';
import { openForm, type SubmittedForm, sealForm } from '../../../src/koogallery/form/form-record.ts';
import { sealOf } from '../../../src/koogallery/seal.ts';

it('keeps what was typed, and nobody without the key reads it', () => {
  const seal = sealOf({ slug: 'shop', sealKeys: ['key'] });
  const form: SubmittedForm = {
    fields: { CustName: '示例 <b>', ContactMail: 'a@b.example' },
    agreement: { name: 'signed.pdf', sha256: 'ab'.repeat(32) },
  };
  const sealed = sealForm(seal, form);
  expect(sealed).not.toMatch(/signed|example/);
  expect(openForm(seal, sealed)).toEqual(form);
  expect(openForm(seal, undefined)).toBeUndefined();
  expect(() => openForm(sealOf({ slug: 'shop', sealKeys: ['other'] }), sealed)).toThrow('cannot be opened');
});
