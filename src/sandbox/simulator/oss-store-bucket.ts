/** The user's own bucket in simulated OSS: what is there, is there; no grant, no directory. */
import type { ServerResponse } from 'node:http';
import { escapeXml, requestId, sendOss, storedAnswer } from './oss-answers.ts';
import { authenticate } from './oss-authentication.ts';
import { OssError } from './oss-error.ts';
import type { OssRequest } from './oss-signature.ts';
import { refuseOtherThanUploads, verifyDigest, verifyOverwriting } from './oss-upload-checks.ts';
import type { SimulatorState } from './state.ts';

interface StoreRequest {
  request: OssRequest;
  content: Buffer;
}

/** Throws an `OssError` for what it refuses. */
export function handleStoreBucket(
  state: SimulatorState,
  { request, content }: StoreRequest,
  response: ServerResponse,
): void {
  authenticate(state, request, state.accounts);
  if (request.method === 'PUT') put(state, { request, content }, response);
  else if (request.method === 'GET' && request.key === '') list(state, request, response);
  else if (request.method === 'GET' || request.method === 'HEAD') read(state, request, response);
  else if (request.method === 'DELETE') remove(state, request, response);
  else throw new OssError(405, 'MethodNotAllowed', '0016-00000001');
}

const writtenAt = (state: SimulatorState, key: string) => new Date(state.keptAt.get(key) ?? state.now());

function put(state: SimulatorState, { request, content }: StoreRequest, response: ServerResponse): void {
  refuseOtherThanUploads(request);
  verifyDigest(request, content);
  verifyOverwriting(request, state.kept.has(request.key));
  state.kept.set(request.key, content);
  state.keptAt.set(request.key, state.now());
  sendOss(response, storedAnswer(content));
}

function read(state: SimulatorState, request: OssRequest, response: ServerResponse): void {
  const kept = state.kept.get(request.key);
  if (kept === undefined) throw new OssError(404, 'NoSuchKey', '0026-00000001');
  const lastModified = writtenAt(state, request.key).toUTCString();
  response
    .writeHead(200, {
      'x-oss-request-id': requestId(),
      'content-length': kept.length,
      'last-modified': lastModified,
    })
    .end(request.method === 'HEAD' ? undefined : kept);
}

function remove(state: SimulatorState, { key }: OssRequest, response: ServerResponse): void {
  state.kept.delete(key);
  state.keptAt.delete(key);
  response.writeHead(204, { 'x-oss-request-id': requestId() }).end();
}

/** ListObjectsV2, in pages; the token of the next one is the last key of this one. */
function list(state: SimulatorState, { parameters }: OssRequest, response: ServerResponse): void {
  const { prefix = '', 'continuation-token': after = '', 'max-keys': keysMax = '100' } = parameters;
  const keys = [...state.kept.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = keys.slice(0, Number(keysMax));
  const isTruncated = keys.length > page.length;
  const contents = page.map(
    (key) =>
      `<Contents><Key>${escapeXml(key)}</Key><LastModified>${writtenAt(state, key).toISOString()}</LastModified></Contents>`,
  );
  const next = isTruncated
    ? `<NextContinuationToken>${escapeXml(page.at(-1) ?? '')}</NextContinuationToken>`
    : '';
  const body = `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult>${contents.join('')}<IsTruncated>${isTruncated}</IsTruncated>${next}</ListBucketResult>`;
  response.writeHead(200, { 'content-type': 'application/xml', 'x-oss-request-id': requestId() }).end(body);
}
