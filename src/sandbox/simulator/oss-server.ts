/**
 * Simulated OSS: PutObject and uploads in parts with V1 or V4 header signatures, STS grants, and the checks that the real
 * one makes. A second bucket belongs to the user: it is written and read with the account's own key.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from './faults.ts';
import { HOSTILE_BODIES, isHostileBody } from './hostile-bodies.ts';
import { md5Of, type OssAnswer, refuse, sendOss, storedAnswer } from './oss-answers.ts';
import { accessKeyIdOf, authenticate } from './oss-authentication.ts';
import { OssError } from './oss-error.ts';
import { answerParts } from './oss-multipart.ts';
import { describeOss } from './oss-request.ts';
import type { OssRequest } from './oss-signature.ts';
import { handleStoreBucket } from './oss-store-bucket.ts';
import { refuseOtherThanUploads, verifyDigest, verifyOverwriting } from './oss-upload-checks.ts';
import { readBody } from './read-body.ts';
import type { Arrival } from './record.ts';
import { type Grant, SIMULATED_BUCKET, SIMULATED_STORE_BUCKET, type SimulatorState } from './state.ts';

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
  try {
    const request = describeOss(incoming);
    if (request.bucket === SIMULATED_STORE_BUCKET) handleStoreBucket(state, { request, content }, response);
    else await handleUpload(state, { request, content }, response);
  } catch (error) {
    if (!(error instanceof OssError)) throw error;
    refuse(response, error);
  }
}

async function handleUpload(
  state: SimulatorState,
  { request, content }: Pick<Put, 'request' | 'content'>,
  response: ServerResponse,
): Promise<void> {
  const accessKeyId = accessKeyIdOf(request);
  const subject = request.key;
  const arrival = state.record.arrive({ operation: 'put', at: performance.now(), accessKeyId, subject });
  const put = { state, request, content, arrival };
  const ordinal = state.nextOrdinal('put');
  const fault = state.faults.next({ operation: 'put', ordinal, subject, accessKeyId });
  try {
    if (fault) await misbehave(put, fault, response);
    else sendOss(response, perform(put));
  } catch (error) {
    if (error instanceof OssError) arrival.answer = error.code;
    throw error;
  }
}

/** All checks in the order of the real service, then what was asked for is done. */
function perform(put: Put): OssAnswer {
  const { state, request, content, arrival } = put;
  if (request.bucket !== SIMULATED_BUCKET) throw new OssError(404, 'NoSuchBucket', '0015-00000101');
  const grant = authenticate(state, request, state.grants);
  if (state.now() > grant.expiresAt) throw new OssError(403, 'SecurityTokenExpired', '0002-00000007');
  if (!request.key.startsWith(`${grant.directory}/`))
    throw new OssError(403, 'AccessDenied', '0003-00000001');
  refuseOtherThanUploads(request);
  verifyDigest(request, content);
  const answer =
    answerParts(put, (whole) => store(put, { whole, grant })) ??
    (request.method === 'PUT' ? store(put, { whole: content, grant }) : undefined);
  if (answer === undefined) throw new OssError(405, 'MethodNotAllowed', '0016-00000001');
  arrival.answer = 'OK';
  arrival.isDone = true;
  return answer;
}

function store({ state, request }: Put, { whole, grant }: { whole: Buffer; grant: Grant }): OssAnswer {
  if (whole.length > OBJECT_BYTES_MAX) throw new OssError(400, 'EntityTooLarge', '0017-00000003');
  verifyOverwriting(request, state.objects.has(request.key));
  state.objects.set(request.key, {
    md5: md5Of(whole).toLowerCase(),
    bytes: whole.length,
    directory: grant.directory,
  });
  return storedAnswer(whole);
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
      perform(put);
      arrival.answer = fault.kind;
      return;
    case 'dropAfter':
      perform(put);
      arrival.answer = fault.kind;
      response.destroy();
      return;
    case 'delay':
      await sleep(fault.delayMs);
      return sendOss(response, perform(put));
    case 'wrongEtag':
    case 'noEtag':
      return sendOss(response, withoutEtag(perform(put), fault.kind));
    default:
      return sendOss(response, perform(put));
  }
}

/** With checksums of something else, or with none. */
function withoutEtag(answer: OssAnswer, kind: 'wrongEtag' | 'noEtag'): OssAnswer {
  if (kind === 'wrongEtag') return storedAnswer(Buffer.from('something else'));
  const { etag: _etag, 'content-md5': _md5, 'x-oss-hash-crc64ecma': _crc, ...headers } = answer.headers;
  return { ...answer, headers };
}
