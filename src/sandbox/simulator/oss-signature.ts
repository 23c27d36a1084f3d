/** Both header signatures of OSS, computed from a received request. Pure. */
import { createHash, createHmac } from 'node:crypto';
import { encodeRfc3986, parseQuery } from './percent.ts';

interface SignedOssRequest {
  method: string;
  bucket: string;
  /** Decoded, without the leading slash. */
  key: string;
  query: string;
  /** Names in lower case. */
  headers: Record<string, string>;
}

export interface OssRequest extends SignedOssRequest {
  /** Of the query, decoded. */
  parameters: Record<string, string>;
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

export function signOssV1(request: SignedOssRequest, secret: string): string {
  const { headers } = request;
  const ossHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('x-oss-'))
    .sort()
    .map((name) => `${name}:${headers[name]?.trim()}\n`)
    .join('');
  const date = headers['x-oss-date'] ?? headers.date ?? '';
  const lines = [request.method, headers['content-md5'] ?? '', headers['content-type'] ?? '', date];
  const text = `${lines.join('\n')}\n${ossHeaders}/${request.bucket}/${request.key}`;
  return createHmac('sha1', secret)
    .update(`${text}${signedParameters(request)}`)
    .digest('base64');
}

/** The parameters that V1 signs, as Alibaba Cloud's SDKs list them, and all `response-*`. */
export const SUB_RESOURCES: ReadonlySet<string> = new Set(
  `acl append bucketInfo callback callback-var continuation-token delete location objectMeta partNumber position restore
   security-token sequential stat symlink tagging uploadId uploads versionId versioning versions`.split(
    /\s+/,
  ),
);

function signedParameters({ query }: SignedOssRequest): string {
  const signed = parseQuery(query)
    .filter(([name]) => SUB_RESOURCES.has(name) || name.startsWith('response-'))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return signed.length === 0 ? '' : `?${signed.join('&')}`;
}

export interface OssV4Scope {
  date: string;
  region: string;
  additionalHeaders: string[];
}

export function ossV4CanonicalRequest(request: SignedOssRequest, additional: readonly string[]): string {
  const { headers } = request;
  const names = Object.keys(headers).filter(
    (name) =>
      name === 'content-type' ||
      name === 'content-md5' ||
      name.startsWith('x-oss-') ||
      additional.includes(name),
  );
  const canonicalHeaders = names
    .sort()
    .map((name) => `${name}:${headers[name]?.trim()}\n`)
    .join('');
  const uri = encodeRfc3986(`/${request.bucket}/${request.key}`).replace(/%2F/g, '/');
  const query = canonicalQuery(request.query);
  const payload = headers['x-oss-content-sha256'] ?? '';
  return [request.method, uri, query, canonicalHeaders, [...additional].sort().join(';'), payload].join('\n');
}

/** Sorted by the encoded names: an order of the decoded ones would be another. */
function canonicalQuery(query: string): string {
  return parseQuery(query)
    .map(([key, value]): [string, string] => [encodeRfc3986(key), encodeRfc3986(value)])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
    .join('&');
}

export function signOssV4(request: SignedOssRequest, scope: OssV4Scope, secret: string): string {
  const { date, region } = scope;
  const digest = createHash('sha256')
    .update(ossV4CanonicalRequest(request, scope.additionalHeaders))
    .digest('hex');
  const scopeText = `${date}/${region}/oss/aliyun_v4_request`;
  const text = ['OSS4-HMAC-SHA256', request.headers['x-oss-date'] ?? '', scopeText, digest].join('\n');
  const key = hmac(hmac(hmac(hmac(`aliyun_v4${secret}`, date), region), 'oss'), 'aliyun_v4_request');
  return hmac(key, text).toString('hex');
}
