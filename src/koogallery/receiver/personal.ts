/**
 * The personal data and secrets that calls carry: sealed before anything is kept of them, and never in the audit. Pure but
 * for the sealing.
 */
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { decryptField } from '../protocol/sensitive-field.ts';
import { isSealed, type Seal } from '../seal.ts';

/**
 * Wherever they stand. `extendParams`, `saasExtendParams` and others like them hold whatever a buyer was asked for, such as
 * the number of an identity card; `customerId` is none of them.
 */
const SEALED = /mobile|phone|e?mail|secret|password|id_?(num|card)|extend|param|custom(?!er)/i;
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

function sealObject(seal: Seal, object: JsonObject, isWithinSealed = false): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name,
      sealValue(seal, value, isWithinSealed || SEALED.test(name)),
    ]),
  );
}

/** Lists and objects keep their form, so that they have it again when they are opened. */
function sealValue(seal: Seal, value: unknown, mustSeal: boolean): unknown {
  if (value === null || value === '') return value;
  if (Array.isArray(value)) return value.map((each: unknown) => sealValue(seal, each, mustSeal));
  if (isJsonObject(value)) return sealObject(seal, value, mustSeal);
  // What only looks sealed would be opened too, and cannot be.
  const isLookalike = typeof value === 'string' && isSealed(value);
  return mustSeal || isLookalike ? seal.seal(String(value)) : value;
}
