/**
 * Simulated OSS: PutObject with V1 or V4 header signatures, STS grants, and the checks that the real one makes. A second
 * bucket belongs to the user: it is written and read with the account's own key.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from './faults.ts';
import { HOSTILE_BODIES, isHostileBody } from './hostile-bodies.ts';
import { refuse, succeed } from './oss-answers.ts';
import { accessKeyIdOf, authenticate, OssError } from './oss-authentication.ts';
import type { OssRequest } from './oss-signature.ts';
import { handleStoreBucket } from './oss-store-bucket.ts';
import { readBody } from './read-body.ts';
import type { Arrival } from './record.ts';
import { SIMULATED_BUCKET, SIMULATED_STORE_BUCKET, type SimulatorState } from './state.ts';

const HTTP_OK = 200;
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
    return handleStoreBucket(state, { request, content }, response);
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

async function misbehave(put: Put, fault: FaultRule, response: ServerResponse): Promise<void> {
  const { arrival } = put;
  arrival.answer = fault.kind === 'error' ? fault.code : fault.kind;
  if (isHostileBody(fault.kind)) return HOSTILE_BODIES[fault.kind](response, HTTP_OK);
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
