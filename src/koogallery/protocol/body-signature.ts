/**
 * The signatures over a JSON body: `signature` of V2.0, License 2.0, online-activation License and `orderNotify`
 * (docs/koogallery-sources.md), and `x-sign` of the V2.0 kit interfaces. Pure.
 */
import { hmacSha256, safeEqual } from './hmac.ts';
import { readJsonObject } from './json.ts';
import { parseUnixTimestamp } from './time.ts';
import { firstMatch, type Matched, type Refused, type SellerKeys } from './verification.ts';

/** How far the timestamp of a request may lie from now, before or after, in milliseconds. */
export const SIGNATURE_WINDOW_MS = 60_000;

/** `raw`: over the bytes as they came; `sorted`: over the object with its top level sorted and without nulls. */
export type BodyVariant = 'raw' | 'sorted';

/** A signed request as it came: the three values from the query, or from the headers of a kit call, and the bytes. */
export interface SignedBody {
  /** Hexadecimal, in either case. */
  signature: string | undefined;
  /** Unix time in seconds or milliseconds. */
  timestamp: string | undefined;
  nonce: string | undefined;
  body: Buffer;
}

export interface BodyTerms {
  keys: SellerKeys;
  nowMs: number;
  /** Default: `SIGNATURE_WINDOW_MS`. */
  windowMs?: number | undefined;
}

/** The nonce comes back, because whoever keeps it against replay needs it. */
export type BodyVerification = (Matched<BodyVariant> & { nonce: string; timestampMs: number }) | Refused;

/** What a signature is made from besides the key. */
export interface Signable {
  nonce: string;
  /** As it stands in the request. */
  timestamp: string;
  payload: string | Uint8Array;
}

/**
 * The `signature` of V2.0, in lower-case hexadecimal: `HMAC(key, key + nonce + timestamp + hex(HMAC(key, payload)))`.
 * Published examples are in upper case; compare without regard to it.
 */
export function v2Signature(key: string, { nonce, timestamp, payload }: Signable): string {
  return hmacSha256(key, key + nonce + timestamp + hmacSha256(key, payload).toString('hex')).toString('hex');
}

/** The `x-sign` of a V2.0 kit call, in lower-case hexadecimal: the payload itself, without an inner HMAC. */
export function kitSignature(key: string, { nonce, timestamp, payload }: Signable): string {
  return hmacSha256(key, key + nonce + timestamp, payload).toString('hex');
}

/** Checks `signature`: over the raw bytes first, then over the sorted object, each with both keys. */
export function verifyV2(request: SignedBody, terms: BodyTerms): BodyVerification {
  return verifyBody(request, terms, v2Signature);
}

/** The same for `x-sign`. */
export function verifyKit(request: SignedBody, terms: BodyTerms): BodyVerification {
  return verifyBody(request, terms, kitSignature);
}

/**
 * The payload as the marketplace's sample builds it from a parsed body: top-level names ascending by code unit (Java's
 * `TreeMap`), nulls dropped, no spaces; what is nested keeps its order.
 */
export function sortedPayload(body: Readonly<Record<string, unknown>>): string {
  const members = Object.keys(body)
    .filter((name) => body[name] !== null && body[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(body[name])}`);
  return `{${members.join(',')}}`;
}

function verifyBody(request: SignedBody, terms: BodyTerms, sign: typeof v2Signature): BodyVerification {
  const { signature, timestamp, nonce, body } = request;
  if (!signature || !timestamp || !nonce) return { valid: false, reason: 'missing' };
  const timestampMs = parseUnixTimestamp(timestamp);
  if (timestampMs === undefined || !/^[0-9a-f]{64}$/i.test(signature))
    return { valid: false, reason: 'malformed' };
  const payloads = payloadsOf(body);
  const found = firstMatch(terms.keys, [...payloads.keys()], (key, variant) =>
    safeEqual(sign(key, { nonce, timestamp, payload: payloads.get(variant) ?? '' }), signature.toLowerCase()),
  );
  if (found === undefined) return { valid: false, reason: 'mismatch' };
  const lateMs = terms.nowMs - timestampMs;
  if (Math.abs(lateMs) > (terms.windowMs ?? SIGNATURE_WINDOW_MS))
    return { valid: false, reason: lateMs > 0 ? 'stale' : 'early' };
  return { ...found, nonce, timestampMs };
}

function payloadsOf(body: Buffer): Map<BodyVariant, string | Buffer> {
  const payloads = new Map<BodyVariant, string | Buffer>([['raw', body]]);
  const read = readJsonObject(body);
  if (read.ok) payloads.set('sorted', sortedPayload(read.value));
  return payloads;
}
