/** How simulated OSS answers. */
import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { SIMULATOR_HOST, simulatorOf } from '../../alibaba/simulator.ts';
import { crc64 } from './crc64.ts';
import type { OssError } from './oss-error.ts';

export interface OssAnswer {
  status: number;
  headers: Record<string, string>;
  body?: string;
}

export const requestId = () => randomBytes(12).toString('hex').toUpperCase();

export const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** MD5 in hexadecimal digits, as ETags have it. */
export const md5Of = (content: Buffer) => createHash('md5').update(content).digest('hex').toUpperCase();

/** What was stored, by its checksums: clients compare them with their own. */
export function storedAnswer(content: Buffer): OssAnswer {
  const md5 = md5Of(content);
  return {
    status: 200,
    headers: {
      etag: `"${md5}"`,
      'content-md5': Buffer.from(md5, 'hex').toString('base64'),
      'x-oss-hash-crc64ecma': crc64(content),
      'x-oss-server-time': '1',
    },
  };
}

export function sendOss(response: ServerResponse, { status, headers, body = '' }: OssAnswer): void {
  const type = body === '' ? {} : { 'content-type': 'application/xml' };
  const length = status === 204 ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  response.writeHead(status, { 'x-oss-request-id': requestId(), ...type, ...length, ...headers }).end(body);
}

export function refuse(response: ServerResponse, { status, code, ec }: OssError): void {
  const id = requestId();
  const instance = simulatorOf(response.getHeaders());
  // ali-oss drops the headers of a refusal, so it is told here too who refuses.
  const host = instance === undefined ? 'simulator' : `${SIMULATOR_HOST}${instance}`;
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>Simulated ${code}.</Message><RequestId>${id}</RequestId><HostId>${host}</HostId><EC>${ec}</EC></Error>`;
  // An answer to HEAD has no body.
  const error = response.req.method === 'HEAD' ? { 'x-oss-err': Buffer.from(body).toString('base64') } : {};
  response
    .writeHead(status, {
      'content-type': 'application/xml',
      'x-oss-request-id': id,
      'x-oss-ec': ec,
      ...error,
    })
    .end(body);
}
