/** A call to simulated OSS as it arrived: its bucket stands in the host, or first in the path. */
import type { IncomingMessage } from 'node:http';
import { OssError } from './oss-error.ts';
import type { OssRequest } from './oss-signature.ts';
import { parseQuery, splitTarget } from './percent.ts';
import { SIMULATED_BUCKET, SIMULATED_STORE_BUCKET } from './state.ts';

/** Throws an `OssError` if the path or the query cannot be decoded. */
export function describeOss(incoming: IncomingMessage): OssRequest {
  const { path, query } = splitTarget(incoming.url);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  const { decoded, parameters } = decode(path, query);
  const host = headers.host ?? '';
  // ali-oss puts the bucket into the host even for an IP address; path style comes with `sldEnable`.
  const virtual = [SIMULATED_BUCKET, SIMULATED_STORE_BUCKET].find((bucket) => host.startsWith(`${bucket}.`));
  const [first = '', ...rest] = decoded.split('/');
  return {
    method: incoming.method ?? '',
    bucket: virtual ?? first,
    key: virtual === undefined ? rest.join('/') : decoded,
    query,
    parameters,
    headers,
  };
}

function decode(path: string, query: string) {
  try {
    return { decoded: decodeURIComponent(path).slice(1), parameters: Object.fromEntries(parseQuery(query)) };
  } catch {
    throw new OssError(400, 'InvalidURI', '0016-00000002');
  }
}
