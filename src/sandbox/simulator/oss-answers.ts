/** How simulated OSS answers. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { SIMULATOR_HOST, simulatorOf } from '../../alibaba/simulator.ts';
import type { OssError } from './oss-authentication.ts';

export const requestId = () => randomBytes(12).toString('hex').toUpperCase();

export function succeed(response: ServerResponse, md5: string | undefined): void {
  const etag =
    md5 === undefined
      ? {}
      : { etag: `"${md5.toUpperCase()}"`, 'content-md5': Buffer.from(md5, 'hex').toString('base64') };
  response
    .writeHead(200, {
      ...etag,
      'x-oss-request-id': requestId(),
      'x-oss-server-time': '1',
      'content-length': '0',
    })
    .end();
}

export function refuse(response: ServerResponse, { status, code, ec }: OssError): void {
  const id = requestId();
  const instance = simulatorOf(response.getHeaders());
  // ali-oss drops the headers of a refusal, so it is told here too who refuses.
  const host = instance === undefined ? 'simulator' : `${SIMULATOR_HOST}${instance}`;
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>Simulated ${code}.</Message><RequestId>${id}</RequestId><HostId>${host}</HostId><EC>${ec}</EC></Error>`;
  response
    .writeHead(status, { 'content-type': 'application/xml', 'x-oss-request-id': id, 'x-oss-ec': ec })
    .end(body);
}
