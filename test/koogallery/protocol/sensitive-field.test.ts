import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { javaSha1Prng } from '../../../src/koogallery/protocol/java-random.ts';
import {
  decryptField,
  ENCRYPTED_LENGTH_MAX,
  encryptField,
  PLAIN_BYTES_MAX,
} from '../../../src/koogallery/protocol/sensitive-field.ts';

interface JavaField {
  seed: string;
  plain: string;
  iv: string;
  /** In hexadecimal. */
  bytes: string;
  aes128: string;
  aes256: string;
}

/** Made by Java itself: fixture/README.md. */
const JAVA = readFileSync(new URL('fixture/java-fields.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as JavaField);
const WITH_KEY = JAVA.filter(({ seed }) => seed !== '');

it('gives the bytes that Java gives, for 100 seeds', () => {
  expect(JAVA).toHaveLength(100);
  for (const { seed, bytes } of JAVA) expect(javaSha1Prng(Buffer.from(seed), 64).toString('hex')).toBe(bytes);
});

it('encrypts as Java does, with both key lengths', () => {
  for (const { seed: key, plain, iv, aes128, aes256 } of WITH_KEY) {
    expect(encryptField({ key, encryptType: '1' }, plain, iv)).toBe(aes256);
    expect(encryptField({ key, encryptType: '2' }, plain, iv)).toBe(aes128);
  }
});

it('decrypts what Java encrypted, whichever of the two lengths is configured', () => {
  for (const { seed: key, plain, aes128, aes256 } of WITH_KEY) {
    expect(decryptField({ key, encryptType: '1' }, aes256)).toBe(plain);
    expect(decryptField({ key, encryptType: '2' }, aes128)).toBe(plain);
  }
  const [{ seed: key, plain, aes128 } = { seed: '', plain: '', aes128: '' }] = WITH_KEY;
  expect(decryptField({ key, encryptType: '1' }, aes128)).toBe(plain);
});

it('restores a + that became a space', () => {
  const spaced = WITH_KEY.find(({ aes256 }) => aes256.includes('+'));
  expect(spaced).toBeDefined();
  const cipher = { key: spaced?.seed ?? '', encryptType: '1' } as const;
  expect(decryptField(cipher, spaced?.aes256.replaceAll('+', ' ') ?? '')).toBe(spaced?.plain);
});

it.each(['', 'short', '0123456789abcdef', '0123456789abcdefAAAA', `0123456789abcdef${'A'.repeat(43)}=`])(
  'gives nothing for what is not encrypted: %j',
  (field) => {
    expect(decryptField({ key: 'key', encryptType: '1' }, field)).toBeUndefined();
  },
);

it('gives back any text, under an IV of its own', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' }), (key, plain) => {
      const cipher = { key, encryptType: '1' } as const;
      const field = encryptField(cipher, plain);
      expect(field).toMatch(/^[A-Za-z0-9]{16}/);
      expect(decryptField(cipher, field)).toBe(plain);
    }),
  );
});

it('fits 79 bytes into the limit and not 80', () => {
  const cipher = { key: 'key', encryptType: '1' } as const;
  expect(encryptField(cipher, 'x'.repeat(PLAIN_BYTES_MAX)).length).toBeLessThanOrEqual(ENCRYPTED_LENGTH_MAX);
  expect(encryptField(cipher, 'x'.repeat(PLAIN_BYTES_MAX + 1)).length).toBeGreaterThan(ENCRYPTED_LENGTH_MAX);
});
