/**
 * How Huawei Cloud's gateway and the marketplace check what a seller signs, computed from a received request and from the
 * words of their pages: nothing here is shared with the code that signs. Pure.
 */
import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface ReceivedRequest {
  method: string;
  /** Path and query as they came. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface SellerKeys {
  accessKey: string;
  secretKey: string;
  /** Bound to the base interface: it signs usage. */
  key: string;
}

const AUTHORIZATION = /^SDK-HMAC-SHA256 Access=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
/** Signatures of other times are refused; no page says how far they may be off. */
const CLOCK_MS_MAX = 15 * 60_000;

/** @returns the seller who signed it; or the code of the gateway and why. @param now milliseconds since 1970 */
export function checkAccessKey(
  request: ReceivedRequest,
  sellers: readonly SellerKeys[],
  now: number,
): SellerKeys | { code: string; why: string } {
  const [, accessKey = '', names = '', signature = ''] =
    AUTHORIZATION.exec(request.headers.authorization ?? '') ?? [];
  const seller = sellers.find((each) => each.accessKey === accessKey);
  if (seller === undefined)
    return { code: 'APIGW.0301', why: 'Incorrect IAM authentication information: AK' };
  const date = String(request.headers['x-sdk-date'] ?? '');
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  if (!(Math.abs(Date.parse(iso) - now) <= CLOCK_MS_MAX) || !names.split(';').includes('x-sdk-date'))
    return { code: 'APIGW.0301', why: 'Incorrect IAM authentication information: x-sdk-date' };
  const canonical = canonicalOf(request, names.split(';'));
  const text = `SDK-HMAC-SHA256\n${date}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const expected = createHmac('sha256', seller.secretKey).update(text).digest('hex');
  return expected === signature ? seller : { code: 'APIGW.0303', why: `Signature mismatch: ${canonical}` };
}

function canonicalOf({ method, target, headers, body }: ReceivedRequest, names: readonly string[]): string {
  const [path = '', query = ''] = target.split('?');
  const lines = names.map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`).join('');
  const sorted = query === '' ? '' : query.split('&').sort().join('&');
  const hash = createHash('sha256').update(body).digest('hex');
  return [method, path.endsWith('/') ? path : `${path}/`, sorted, lines, names.join(';'), hash].join('\n');
}

/** Of usage: over the bytes that came. */
export function hasUsageSignature({ headers, body }: ReceivedRequest, key: string): boolean {
  const { ts, nonce, signature } = headers;
  const hmac = createHmac('sha256', key).update(`ts=${ts}&nonce=${nonce}&body=`).update(body);
  return hmac.digest('base64') === signature;
}
