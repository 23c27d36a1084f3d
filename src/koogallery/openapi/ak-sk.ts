/** SDK-HMAC-SHA256, by which a seller's access key signs what is sent to Huawei Cloud's API gateway. Pure. */
import { createHash, createHmac } from 'node:crypto';

const ALGORITHM = 'SDK-HMAC-SHA256';

export interface AccessKeyPair {
  accessKey: string;
  secretKey: string;
}

export interface UnsignedRequest {
  method: string;
  url: URL;
  /** All of them are signed; names in lower case, `host` and `x-sdk-date` among them. */
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
}

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

/** What is hashed and signed. Its path always ends with a slash, whether or not the request's does. */
export function canonicalRequest({ method, url, headers, body }: UnsignedRequest): string {
  const path = url.pathname.split('/').map((segment) => encode(decodeURIComponent(segment)));
  const names = Object.keys(headers).sort();
  return [
    method,
    path.join('/').replace(/\/?$/, '/'),
    canonicalQuery(url.searchParams),
    ...names.map((name) => `${name}:${headers[name]?.trim()}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n');
}

/** The value of `Authorization`. */
export function authorizationOf(request: UnsignedRequest, { accessKey, secretKey }: AccessKeyPair): string {
  const names = Object.keys(request.headers).sort().join(';');
  return `${ALGORITHM} Access=${accessKey}, SignedHeaders=${names}, Signature=${signatureOf(request, secretKey)}`;
}

/** In hexadecimal digits. */
export function signatureOf(request: UnsignedRequest, secretKey: string): string {
  const text = [ALGORITHM, request.headers['x-sdk-date'], sha256(canonicalRequest(request))].join('\n');
  return createHmac('sha256', secretKey).update(text).digest('hex');
}

/** `X-Sdk-Date`: UTC, to the second. @param now milliseconds since 1970 */
export function sdkDate(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function canonicalQuery(parameters: URLSearchParams): string {
  const pairs = [...parameters].map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.sort().join('&');
}

/** RFC 3986: everything but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
