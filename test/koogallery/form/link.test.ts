import { expect, it } from 'vitest';
import { formLinkOf, formTokenOf, readFormToken } from '../../../src/koogallery/form/link.ts';

const shop = {
  slug: 'shop',
  sealKeys: ['new', 'old'],
  provision: { formUrl: 'https://x.example/form/shop' },
};
const ID = '03pf80c2-ab1c-4c76-9f0a-7d0a3dea3bd9';

it('leads to the form of one instance, with a fragment that no server sees', () => {
  const link = new URL(formLinkOf(shop, ID));
  expect(`${link.origin}${link.pathname}${link.search}`).toBe('https://x.example/form/shop');
  expect(link.hash).toMatch(/^#[\w-]+\.[\w-]{43}$/);
  expect(readFormToken(shop, link.hash.slice(1))).toBe(ID);
});

it('is the same whenever it is made', () => {
  expect(formLinkOf(shop, ID)).toBe(formLinkOf(shop, ID));
});

it('takes any identifier that the marketplace may send', () => {
  for (const id of ['a.b', 'a#b/c?d=e&f', '实例', '100%', "<script>'"]) {
    const token = formTokenOf(shop, id);
    expect(token).toMatch(/^[\w.%'()~*!-]+$/);
    expect(readFormToken(shop, token)).toBe(id);
  }
});

it('is still read after a new key came first', () => {
  const token = formTokenOf({ slug: 'shop', sealKeys: ['old'] }, ID);
  expect(readFormToken(shop, token)).toBe(ID);
  expect(readFormToken({ slug: 'shop', sealKeys: ['new'] }, token)).toBeUndefined();
});

it('refuses what it did not make', () => {
  const token = formTokenOf(shop, ID);
  const [, mac = ''] = token.split('.');
  const wrong = [
    ...[
      '',
      '.',
      ID,
      `${ID}.`,
      `.${mac}`,
      `${ID}.${mac.slice(1)}`,
      `${ID}.${mac}A`,
      `${ID}.${'A'.repeat(43)}`,
    ],
    ...[`other.${mac}`, `${ID.toUpperCase()}.${mac}`, `%E0%A4%A.${mac}`, `${'a'.repeat(500)}.${mac}`],
    // Of another channel with the same key, and of another key.
    formTokenOf({ slug: 'shop2', sealKeys: ['new'] }, ID),
    formTokenOf({ slug: 'shop', sealKeys: ['newer'] }, ID),
  ];
  for (const each of wrong) expect(readFormToken(shop, each), each).toBeUndefined();
});
