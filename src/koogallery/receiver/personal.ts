/**
 * The personal data and secrets that calls carry: sealed before anything is kept of them, and never in the audit. Pure but
 * for the sealing.
 */
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { decryptField } from '../protocol/sensitive-field.ts';
import type { Seal } from '../seal.ts';

/** Wherever they stand. The last holds whatever a buyer was asked for, such as the number of an identity card. */
const SEALED = /mobile|phone|e?mail|secret|password|saasExtendParams/i;
/** What V1.0 encrypts with the key of the channel. */
const ENCRYPTED = ['mobilePhone', 'email'];

/** All fields of a call, with what nobody may read sealed. Encrypted ones are decrypted first: their key may change. */
export function sealFields(seal: Seal, fields: JsonObject, key: string): JsonObject {
  const plain = Object.entries(fields).map(([name, value]) => [name, decrypted(name, value, key)] as const);
  return sealObject(seal, Object.fromEntries(plain));
}

function decrypted(name: string, value: unknown, key: string): unknown {
  if (!ENCRYPTED.includes(name) || typeof value !== 'string') return value;
  return decryptField({ key, encryptType: '1' }, value) ?? value;
}

function sealObject(seal: Seal, object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, sealValue(seal, name, value)]),
  );
}

function sealValue(seal: Seal, name: string, value: unknown): unknown {
  if (value === null || value === '') return value;
  if (SEALED.test(name)) return seal.seal(typeof value === 'string' ? value : JSON.stringify(value));
  if (Array.isArray(value)) return value.map((each: unknown) => sealValue(seal, '', each));
  return isJsonObject(value) ? sealObject(seal, value) : value;
}
