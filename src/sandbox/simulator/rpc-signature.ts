/** The older signature of the RPC gateway (HMAC-SHA1 in the query), still accepted by it. Pure. */
import { createHmac } from 'node:crypto';
import { encodeRfc3986, parseQuery } from './percent.ts';

export function rpcStringToSign(method: string, query: string): string {
  const canonical = parseQuery(query)
    .filter(([key]) => key !== 'Signature')
    .map(([key, value]) => `${encodeRfc3986(key)}=${encodeRfc3986(value)}`)
    .join('&');
  return `${method}&%2F&${encodeRfc3986(canonical)}`;
}

export function signRpc(method: string, query: string, secret: string): string {
  return createHmac('sha1', `${secret}&`).update(rpcStringToSign(method, query)).digest('base64');
}
