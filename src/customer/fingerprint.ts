/** The identity of *what* is submitted. Pure. */
import { createHash } from 'node:crypto';
import { CUSTOMER_FIELDS, type Customer } from './fields.ts';

/** Fingerprints of another version cannot be compared: they are of other fields, or made in another way. */
export const FINGERPRINT_VERSION = '1';

/**
 * The version, and SHA-256 over the customer's fields and the agreement's SHA-256 (hexadecimal): `1.` and base64url, 45 characters.
 * JSON keeps the fields apart, so that no two different customers share a text.
 */
export function fingerprintOf(customer: Customer, agreementSha256: string): string {
  const parts = [...CUSTOMER_FIELDS.map((field) => customer[field]), agreementSha256];
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
  return `${FINGERPRINT_VERSION}.${digest}`;
}

/** The digest without the version, as earlier versions of this program kept it. */
export function digestIn(fingerprint: string): string {
  return fingerprint.slice(fingerprint.indexOf('.') + 1);
}
