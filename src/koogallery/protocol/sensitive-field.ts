/**
 * The encrypted fields of V1.0: `userName` and `password` in answers, `mobilePhone` and `email` in requests
 * (docs/koogallery-sources.md). V2.0 encrypts nothing. Pure but for the random IV.
 */
import { createCipheriv, createDecipheriv, randomInt } from 'node:crypto';
import { javaSha1Prng } from './java-random.ts';

/** `encryptType` of an answer: `1` is AES-256, the default; `2` is AES-128. Both are CBC with PKCS5 padding. */
export type EncryptType = '1' | '2';

/** How the fields of a channel are encrypted. */
export interface FieldCipher {
  key: string;
  encryptType: EncryptType;
}

/** The most characters of an encrypted field, its IV included. */
export const ENCRYPTED_LENGTH_MAX = 128;
/** The longest text that fits into such a field, in bytes of UTF-8. */
export const PLAIN_BYTES_MAX = 79;

const KEY_BITS: Record<EncryptType, 128 | 256> = { '1': 256, '2': 128 };
const IV_LENGTH = 16;
const IV_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * The wire form: 16 letters and digits that are the IV, and behind them the ciphertext in Base64.
 * @param iv of 16 ASCII characters; random if not given
 */
export function encryptField({ key, encryptType }: FieldCipher, plain: string, iv = randomIv()): string {
  const cipher = createCipheriv(
    algorithmOf(encryptType),
    aesKey(key, encryptType),
    Buffer.from(iv, 'latin1'),
  );
  return iv + Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]).toString('base64');
}

/**
 * The text of a field, first with the key length of the channel, then with the other one; undefined if neither fits. A
 * `+` that became a space on its way is restored.
 */
export function decryptField(cipher: FieldCipher, field: string): string | undefined {
  const other: EncryptType = cipher.encryptType === '1' ? '2' : '1';
  return decryptAs(cipher, field) ?? decryptAs({ key: cipher.key, encryptType: other }, field);
}

export function randomIv(): string {
  return Array.from({ length: IV_LENGTH }, () => IV_ALPHABET[randomInt(IV_ALPHABET.length)]).join('');
}

function decryptAs({ key, encryptType }: FieldCipher, field: string): string | undefined {
  const iv = Buffer.from(field.slice(0, IV_LENGTH), 'latin1');
  const data = Buffer.from(field.slice(IV_LENGTH).replaceAll(' ', '+'), 'base64');
  try {
    const decipher = createDecipheriv(algorithmOf(encryptType), aesKey(key, encryptType), iv);
    const plain = Buffer.concat([decipher.update(data), decipher.final()]);
    // Of wrong keys, one in 256 leaves a padding that looks right; hardly one leaves UTF-8.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain);
  } catch {
    return undefined;
  }
}

function algorithmOf(encryptType: EncryptType): string {
  return `aes-${KEY_BITS[encryptType]}-cbc`;
}

function aesKey(key: string, encryptType: EncryptType): Buffer {
  return javaSha1Prng(Buffer.from(key, 'utf8'), KEY_BITS[encryptType] / 8);
}
