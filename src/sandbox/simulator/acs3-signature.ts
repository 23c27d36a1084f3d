/** ACS3-HMAC-SHA256, the signature of Alibaba Cloud's RPC gateway: computed from a received request. Pure. */
import { createHash, createHmac } from 'node:crypto';
import { encodeRfc3986, parseQuery } from './percent.ts';

export interface SignedRequest {
  method: string;
  path: string;
  /** Raw query, without the question mark. */
  query: string;
  /** Names in lower case. */
  headers: Record<string, string>;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export function canonicalQuery(query: string): string {
  return parseQuery(query)
    .map(([key, value]) => `${key}=${encodeRfc3986(value)}`)
    .join('&');
}

/** The names have to be signed in their order, in whichever they are listed. */
export function canonicalRequest(request: SignedRequest, listed: readonly string[]): string {
  const signedHeaders = [...listed].sort();
  const headers = signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim()}\n`).join('');
  const hash = request.headers['x-acs-content-sha256'] ?? '';
  return [
    request.method,
    request.path,
    canonicalQuery(request.query),
    headers,
    signedHeaders.join(';'),
    hash,
  ].join('\n');
}

export function signAcs3(request: SignedRequest, signedHeaders: readonly string[], secret: string): string {
  const text = `ACS3-HMAC-SHA256\n${sha256(canonicalRequest(request, signedHeaders))}`;
  return createHmac('sha256', secret).update(text).digest('hex');
}

const AUTHORIZATION =
  /^ACS3-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

export interface Acs3Authorization {
  accessKeyId: string;
  signedHeaders: string[];
  signature: string;
}

export function parseAcs3Authorization(header: string | undefined): Acs3Authorization | undefined {
  const match = AUTHORIZATION.exec(header ?? '');
  if (match === null) return undefined;
  const [, accessKeyId = '', signedHeaders = '', signature = ''] = match;
  return { accessKeyId, signedHeaders: signedHeaders.split(';'), signature };
}

/** Headers that a request must sign: every `x-acs-*` it has, its host, and its content type. */
export function headersToSign(headers: Record<string, string>): string[] {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-acs-') || name === 'host' || name === 'content-type')
    .sort();
}
