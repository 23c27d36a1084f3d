/** `Body-Sign`, by which a seller signs its answers (docs/koogallery-sources.md). Pure. */
import { hmacSha256, safeEqual } from './hmac.ts';
import { firstMatch, type Matched, type Refused, type SellerKeys } from './verification.ts';

/**
 * The headers of an answer. The marketplace tells `Body-Sign` from `body-sign`: write them past everything that changes
 * the case of names. It accepts no other content type.
 * @param body the bytes that will be sent, all of them
 */
export function answerHeaders(
  key: string,
  body: string | Uint8Array,
): { 'Body-Sign': string; 'Content-Type': string } {
  return { 'Body-Sign': bodySign(key, body), 'Content-Type': 'application/json; charset=utf-8' };
}

/**
 * The value of the header.
 * @param body the bytes that will be sent, all of them
 */
export function bodySign(key: string, body: string | Uint8Array): string {
  return `sign_type="HMAC-SHA256", signature= "${bodySignature(key, body)}"`;
}

/** Checks a seller's answer as the marketplace does: both values in double quotes, over the bytes that came. */
export function verifyBodySign(
  { header, body }: { header: string | undefined; body: string | Uint8Array },
  keys: SellerKeys,
): Matched<'raw'> | Refused {
  if (!header) return { valid: false, reason: 'missing' };
  const signature = /^\s*sign_type\s*=\s*"HMAC-SHA256"\s*,\s*signature\s*=\s*"([^"]*)"\s*$/.exec(header)?.[1];
  if (signature === undefined) return { valid: false, reason: 'malformed' };
  const found = firstMatch(keys, ['raw'], (key) => safeEqual(signature, bodySignature(key, body)));
  return found ?? { valid: false, reason: 'mismatch' };
}

function bodySignature(key: string, body: string | Uint8Array): string {
  return hmacSha256(key, body).toString('base64');
}
