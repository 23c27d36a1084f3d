import { expect, it } from 'vitest';
import { openAccess, sealAccess } from '../../src/koogallery/registry/access.ts';
import { isSealed, sealOf } from '../../src/koogallery/seal.ts';

it('seals what only a key of the channel opens', () => {
  const { seal, open } = sealOf({ slug: 'a', sealKeys: ['one'] });
  const sealed = seal('密码 +1 234');
  expect(sealed).toMatch(/^[!-~]+$/);
  expect(isSealed(sealed)).toBe(true);
  expect(seal('密码 +1 234')).not.toBe(sealed);
  expect(open(sealed)).toBe('密码 +1 234');
  const others = [sealOf({ slug: 'b', sealKeys: ['one'] }), sealOf({ slug: 'a', sealKeys: ['two'] })];
  for (const other of others) expect(() => other.open(sealed)).toThrow('cannot be opened any more');
});

it('opens what an earlier key sealed', () => {
  const sealed = sealOf({ slug: 'a', sealKeys: ['old'] }).seal('text');
  expect(sealOf({ slug: 'a', sealKeys: ['new', 'old'] }).open(sealed)).toBe('text');
});

it.each(['', 'text', 'sealed1.', 'sealed1.AAAA', `sealed1.${'A'.repeat(80)}`])('does not open %j', (text) => {
  expect(() => sealOf({ slug: 'a', sealKeys: ['k'] }).open(text)).toThrow('cannot be opened any more');
});

it('notices a change of what is sealed', () => {
  const { seal, open } = sealOf({ slug: 'a', sealKeys: ['k'] });
  const bytes = Buffer.from(seal('text').slice('sealed1.'.length), 'base64url');
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  expect(() => open(`sealed1.${bytes.toString('base64url')}`)).toThrow('cannot be opened any more');
});

it('keeps how an instance is reached', () => {
  const seal = sealOf({ slug: 'a', sealKeys: ['k'] });
  const access = { frontEndUrl: 'https://x.example/', userName: 'u', password: 'p' };
  expect(openAccess(seal, sealAccess(seal, access))).toEqual(access);
  expect(openAccess(seal, undefined)).toEqual({});
});
