/** Uploads in parts to simulated OSS: begun, part by part, and put together or dropped. */
import { randomBytes } from 'node:crypto';
import { escapeXml, md5Of, type OssAnswer, storedAnswer } from './oss-answers.ts';
import { OssError } from './oss-error.ts';
import type { OssRequest } from './oss-signature.ts';
import type { SimulatorState } from './state.ts';

/** Of every part but the last. */
const PART_BYTES_MIN = 100 * 1024;
const PART =
  /<PartNumber>\s*(\d+)\s*<\/PartNumber>\s*<ETag>\s*(?:"|&quot;)?([0-9A-Fa-f]+)(?:"|&quot;)?\s*<\/ETag>/g;

interface PartsCall {
  state: SimulatorState;
  request: OssRequest;
  content: Buffer;
}

/** A complete object is stored by this. */
type Store = (content: Buffer) => OssAnswer;

/** Undefined if the call is none of an upload in parts. */
export function answerParts(call: PartsCall, store: Store): OssAnswer | undefined {
  const { method, parameters } = call.request;
  if (method === 'POST' && 'uploads' in parameters) return begin(call);
  if (!('uploadId' in parameters)) return undefined;
  if (method === 'PUT' && 'partNumber' in parameters) return addPart(call);
  if (method === 'POST') return complete(call, store);
  return method === 'DELETE' ? abort(call) : undefined;
}

function begin({ state, request: { bucket, key } }: PartsCall): OssAnswer {
  const uploadId = randomBytes(16).toString('hex').toUpperCase();
  state.uploads.set(uploadId, { key, parts: new Map() });
  const named = `<Bucket>${bucket}</Bucket><Key>${escapeXml(key)}</Key><UploadId>${uploadId}</UploadId>`;
  return xml(`<InitiateMultipartUploadResult>${named}</InitiateMultipartUploadResult>`);
}

function addPart(call: PartsCall): OssAnswer {
  const number = Number(call.request.parameters.partNumber);
  if (!(Number.isInteger(number) && number >= 1 && number <= 10_000))
    throw new OssError(400, 'InvalidArgument', '0017-00000101');
  partsOf(call).set(number, call.content);
  return storedAnswer(call.content);
}

function complete(call: PartsCall, store: Store): OssAnswer {
  const { state, request, content } = call;
  const parts = partsOf(call);
  const listed = Array.from(content.toString().matchAll(PART), ([, number, etag = '']) => ({
    number: Number(number),
    etag: etag.toUpperCase(),
  }));
  const contents = listed.map(({ number, etag }) => {
    const part = parts.get(number);
    if (part === undefined || md5Of(part) !== etag) throw new OssError(400, 'InvalidPart', '0042-00000202');
    return part;
  });
  if (contents.length === 0) throw new OssError(400, 'MalformedXML', '0042-00000204');
  if (listed.some(({ number }, index) => index > 0 && number <= (listed[index - 1]?.number ?? 0)))
    throw new OssError(400, 'InvalidPartOrder', '0042-00000205');
  if (contents.slice(0, -1).some(({ length }) => length < PART_BYTES_MIN))
    throw new OssError(400, 'EntityTooSmall', '0042-00000203');
  const stored = store(Buffer.concat(contents));
  state.uploads.delete(request.parameters.uploadId ?? '');
  // Of an object in parts, the ETag is no MD5 of its content.
  const { 'content-md5': _md5, ...headers } = stored.headers;
  const digests = Buffer.concat(listed.map(({ etag }) => Buffer.from(etag, 'hex')));
  const etag = `"${md5Of(digests)}-${listed.length}"`;
  const named = `<Bucket>${request.bucket}</Bucket><Key>${escapeXml(request.key)}</Key><ETag>${etag}</ETag>`;
  const body = xml(`<CompleteMultipartUploadResult>${named}</CompleteMultipartUploadResult>`);
  return { ...body, headers: { ...headers, etag } };
}

function abort(call: PartsCall): OssAnswer {
  partsOf(call);
  call.state.uploads.delete(call.request.parameters.uploadId ?? '');
  return { status: 204, headers: {} };
}

function partsOf({ state, request }: PartsCall): Map<number, Buffer> {
  const upload = state.uploads.get(request.parameters.uploadId ?? '');
  if (upload?.key !== request.key) throw new OssError(404, 'NoSuchUpload', '0042-00000201');
  return upload.parts;
}

const xml = (text: string): OssAnswer => ({
  status: 200,
  headers: {},
  body: `<?xml version="1.0" encoding="UTF-8"?>${text}`,
});
