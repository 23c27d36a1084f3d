/**
 * Simulated OSS: PutObject with V1 or V4 header signatures, STS grants, and the checks that the real one makes. A second
 * bucket belongs to the user: it is written and read with the account's own key.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from './faults.ts';
import { type OssRequest, signOssV1, signOssV4 } from './oss-signature.ts';
import type { Arrival } from './record.ts';
import { SIMULATED_BUCKET, SIMULATED_REGION, SIMULATED_STORE_BUCKET, type SimulatorState } from './state.ts';

const OBJECT_BYTES_MAX = 2 * 1024 * 1024;
const SKEW_MS_MAX = 15 * 60_000;
const V1 = /^OSS ([^:]+):(.+)$/;
const V4 =
  /^OSS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/oss\/aliyun_v4_request, ?(?:AdditionalHeaders=([^,]*), ?)?Signature=([0-9a-f]{64})$/;

class OssError extends Error {
  readonly status: number;
  readonly code: string;
  readonly ec: string;

  constructor(status: number, code: string, ec: string) {
    super(code);
    this.status = status;
    this.code = code;
    this.ec = ec;
  }
}

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
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const request = describe(incoming);
  if (request.bucket === SIMULATED_STORE_BUCKET)
    return handleStoreBucket(state, request, Buffer.concat(chunks), response);
  const accessKeyId =
    V4.exec(request.headers.authorization ?? '')?.[1] ??
    V1.exec(request.headers.authorization ?? '')?.[1] ??
    '';
  const arrival = state.record.arrive({
    operation: 'put',
    at: performance.now(),
    accessKeyId,
    subject: request.key,
  });
  const put = { state, request, content: Buffer.concat(chunks), arrival };
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
  state: SimulatorState,
  request: OssRequest,
  content: Buffer,
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

interface Signer {
  accessKeySecret: string;
  securityToken?: string;
}

function authenticate<S extends Signer>(
  state: SimulatorState,
  request: OssRequest,
  signers: ReadonlyMap<string, S>,
): S {
  const { headers } = request;
  const v4 = V4.exec(headers.authorization ?? '');
  const v1 = V1.exec(headers.authorization ?? '');
  const signer = signers.get(v4?.[1] ?? v1?.[1] ?? '');
  if (signer === undefined) throw badSignature(state, 403, 'InvalidAccessKeyId', '0002-00000902');
  if (headers['x-oss-security-token'] !== signer.securityToken)
    throw badSignature(state, 403, 'InvalidSecurityToken', '0002-00000006');
  const isSigned = v4
    ? verifyV4(state, request, v4, signer)
    : v1?.[2] === signOssV1(request, signer.accessKeySecret);
  if (!isSigned) throw badSignature(state, 403, 'SignatureDoesNotMatch', '0002-00000040');
  if (!(Math.abs(state.now() - dateOf(headers)) <= SKEW_MS_MAX))
    throw new OssError(403, 'RequestTimeTooSkewed', '0002-00000504');
  return signer;
}

function verifyV4(
  state: SimulatorState,
  request: OssRequest,
  match: RegExpExecArray,
  signer: Signer,
): boolean {
  const [, , date = '', region = '', additional = '', signature] = match;
  if (region !== SIMULATED_REGION) throw badSignature(state, 400, 'InvalidArgument', '0002-00000226');
  if (!request.headers['x-oss-date']?.startsWith(date))
    throw badSignature(state, 400, 'InvalidArgument', '0002-00000212');
  const additionalHeaders = additional.split(';').filter(Boolean);
  return signature === signOssV4(request, { date, region, additionalHeaders }, signer.accessKeySecret);
}

function dateOf(headers: Record<string, string>): number {
  const text = headers['x-oss-date'] ?? headers.date ?? '';
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return Date.parse(iso);
}

function badSignature(state: SimulatorState, status: number, code: string, ec: string): OssError {
  state.record.badSignatures++;
  return new OssError(status, code, ec);
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
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>Simulated ${code}.</Message><RequestId>${id}</RequestId><HostId>simulator</HostId><EC>${ec}</EC></Error>`;
  response
    .writeHead(status, { 'content-type': 'application/xml', 'x-oss-request-id': id, 'x-oss-ec': ec })
    .end(body);
}
