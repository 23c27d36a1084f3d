/**
 * Simulated OSS: PutObject with V1 or V4 header signatures, STS grants, and the checks that the real one makes. A second
 * bucket belongs to the user: it is written and read with the account's own key.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { SIMULATOR_HOST, simulatorOf } from '../../alibaba/simulator.ts';
import type { FaultRule } from './faults.ts';
import { accessKeyIdOf, authenticate, OssError } from './oss-authentication.ts';
import type { OssRequest } from './oss-signature.ts';
import { readBody } from './read-body.ts';
import type { Arrival } from './record.ts';
import { SIMULATED_BUCKET, SIMULATED_STORE_BUCKET, type SimulatorState } from './state.ts';

const OBJECT_BYTES_MAX = 2 * 1024 * 1024;

interface Put {
  state: SimulatorState;
  request: OssRequest;
  content: Buffer;
  arrival: Arrival;
}

export async function handleOss(
  state: SimulatorState,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const content = await readBody(incoming);
  const request = describe(incoming);
  if (request.bucket === SIMULATED_STORE_BUCKET)
    return handleStoreBucket({ state, request, content }, response);
  const accessKeyId = accessKeyIdOf(request);
  const arrival = state.record.arrive({
    operation: 'put',
    at: performance.now(),
    accessKeyId,
    subject: request.key,
  });
  const put = { state, request, content, arrival };
  const fault = state.faults.next({
    operation: 'put',
    ordinal: state.nextOrdinal('put'),
    subject: request.key,
    accessKeyId,
  });
  try {
    if (fault) await misbehave(put, fault, response);
    else succeed(response, store(put));
  } catch (error) {
    if (!(error instanceof OssError)) throw error;
    arrival.answer = error.code;
    refuse(response, error);
  }
}

function describe(incoming: IncomingMessage): OssRequest {
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  const decoded = decodeURIComponent(path).slice(1);
  const host = headers.host ?? '';
  // ali-oss puts the bucket into the host even for an IP address; path style comes with `sldEnable`.
  const virtual = [SIMULATED_BUCKET, SIMULATED_STORE_BUCKET].find((bucket) => host.startsWith(`${bucket}.`));
  const [first = '', ...rest] = decoded.split('/');
  return {
    method: incoming.method ?? '',
    bucket: virtual ?? first,
    key: virtual === undefined ? rest.join('/') : decoded,
    query,
    headers,
  };
}

/** All checks in the order of the real service, then the object is stored. */
function store({ state, request, content, arrival }: Put): string {
  if (request.method !== 'PUT') throw new OssError(405, 'MethodNotAllowed', '0016-00000001');
  if (request.bucket !== SIMULATED_BUCKET) throw new OssError(404, 'NoSuchBucket', '0015-00000101');
  const grant = authenticate(state, request, state.grants);
  if (state.now() > grant.expiresAt) throw new OssError(403, 'SecurityTokenExpired', '0002-00000007');
  if (!request.key.startsWith(`${grant.directory}/`))
    throw new OssError(403, 'AccessDenied', '0003-00000001');
  const digest = createHash('md5').update(content);
  const md5 = digest.copy().digest('hex');
  if (
    request.headers['content-md5'] !== undefined &&
    request.headers['content-md5'] !== digest.digest('base64')
  )
    throw new OssError(400, 'InvalidDigest', '0017-00000002');
  if (content.length > OBJECT_BYTES_MAX) throw new OssError(400, 'EntityTooLarge', '0017-00000003');
  if (request.headers['x-oss-forbid-overwrite'] === 'true' && state.objects.has(request.key))
    throw new OssError(409, 'FileAlreadyExists', '0026-00000002');
  state.objects.set(request.key, { md5, bytes: content.length, directory: grant.directory });
  arrival.answer = 'OK';
  arrival.isDone = true;
  return md5;
}

/** The user's bucket: what is there, is there; no grant, no directory. */
function handleStoreBucket(
  { state, request, content }: Pick<Put, 'state' | 'request' | 'content'>,
  response: ServerResponse,
): void {
  try {
    authenticate(state, request, state.accounts);
    const kept = state.kept.get(request.key);
    if (request.method === 'PUT') {
      if (kept && request.headers['x-oss-forbid-overwrite'] === 'true')
        throw new OssError(409, 'FileAlreadyExists', '0026-00000002');
      state.kept.set(request.key, content);
      succeed(response, createHash('md5').update(content).digest('hex'));
    } else if (request.method === 'GET') {
      if (kept === undefined) throw new OssError(404, 'NoSuchKey', '0026-00000001');
      response.writeHead(200, { 'x-oss-request-id': requestId(), 'content-length': kept.length }).end(kept);
    } else throw new OssError(405, 'MethodNotAllowed', '0016-00000001');
  } catch (error) {
    if (!(error instanceof OssError)) throw error;
    refuse(response, error);
  }
}

async function misbehave(put: Put, fault: FaultRule, response: ServerResponse): Promise<void> {
  const { arrival } = put;
  arrival.answer = fault.kind === 'error' ? fault.code : fault.kind;
  switch (fault.kind) {
    case 'error':
      throw new OssError(fault.status, fault.code, '0000-00000000');
    case 'hangBefore':
      return;
    case 'dropBefore':
      response.destroy();
      return;
    case 'hangAfter':
      store(put);
      return;
    case 'dropAfter':
      store(put);
      response.destroy();
      return;
    case 'delay':
      await sleep(fault.delayMs);
      return succeed(response, store(put));
    case 'wrongEtag':
      store(put);
      return succeed(response, '0'.repeat(32));
    case 'noEtag':
      store(put);
      return succeed(response, undefined);
    default:
      return succeed(response, store(put));
  }
}

const requestId = () => randomBytes(12).toString('hex').toUpperCase();

function succeed(response: ServerResponse, md5: string | undefined): void {
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

function refuse(response: ServerResponse, { status, code, ec }: OssError): void {
  const id = requestId();
  const instance = simulatorOf(response.getHeaders());
  const host = instance === undefined ? 'simulator' : `${SIMULATOR_HOST}${instance}`;
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>Simulated ${code}.</Message><RequestId>${id}</RequestId><HostId>${host}</HostId><EC>${ec}</EC></Error>`;
  response
    .writeHead(status, { 'content-type': 'application/xml', 'x-oss-request-id': id, 'x-oss-ec': ec })
    .end(body);
}
