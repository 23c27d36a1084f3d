/** The identity of *what* is submitted. Pure. */
import { createHash } from 'node:crypto';
import { CUSTOMER_FIELDS, type Customer } from './fields.ts';

/**
 * SHA-256 over the customer's fields and the agreement's SHA-256 (hexadecimal): base64url, 43 characters.
 * JSON keeps the fields apart, so that no two different customers share a text.
 */
export function fingerprintOf(customer: Customer, agreementSha256: string): string {
  const parts = [...CUSTOMER_FIELDS.map((field) => customer[field]), agreementSha256];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
