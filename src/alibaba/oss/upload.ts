/** Puts one agreement into OSS with the credentials of one authorization, and proves that it arrived whole. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { classifyAnswer } from '../classify.ts';
import { boundName, NO_REQUEST_ID } from '../peer-text.ts';
import { simulatedAnswer, simulatorOf } from '../simulator.ts';
import { createOssClient, type OssOptions, readOssFailure } from './client.ts';
import { OSS_CODES } from './codes.ts';
import { objectKeyOf, type UploadTarget } from './upload-target.ts';

export interface Uploaded {
  /** Of the call that stored the file, or that found it stored by an earlier attempt whose answer was lost. */
  requestId: string;
}

export interface UploadOptions extends OssOptions {
  /** Whether the answer of a simulator is an error; default false. */
  refusesSimulators?: boolean;
}

const resultSchema = z.object({
  res: z.object({ status: z.literal(200), headers: z.record(z.string(), z.unknown()) }),
});

/**
 * May always be repeated, because a file's name is made from its content.
 * @throws AppError, classified by `codes.ts`
 */
export async function uploadAgreement(
  target: UploadTarget,
  file: { name: string; content: Buffer },
  options: UploadOptions,
): Promise<Uploaded> {
  const client = createOssClient(target, { ...options, region: target.region ?? options.region });
  try {
    const result = await client.put(objectKeyOf(target, file.name), file.content, {
      mime: 'application/pdf',
      headers: { 'x-oss-forbid-overwrite': 'true' },
    });
    return { requestId: assertWhole(result, file.content, options) };
  } catch (error) {
    const failure = error instanceof AppError ? error : classifyFailure(error, options);
    // The name is made from the content, so "exists already" means that this very file is there.
    if (failure.peerCode !== 'FileAlreadyExists') throw failure;
    return { requestId: failure.requestId ?? NO_REQUEST_ID };
  }
}

/**
 * ali-oss checks nothing of the answer: the ETag of a simple upload is the MD5 of what was stored.
 * @returns the RequestId
 */
function assertWhole(result: unknown, content: Buffer, { refusesSimulators = false }: UploadOptions): string {
  const { data } = resultSchema.safeParse(result);
  const headers = data?.res.headers ?? {};
  const simulator = simulatorOf(headers);
  if (refusesSimulators && simulator !== undefined) throw simulatedAnswer('put', simulator);
  const etag = String(headers.etag ?? '')
    .replace(/"/g, '')
    .toLowerCase();
  const requestId = boundName(String(headers['x-oss-request-id'] ?? NO_REQUEST_ID));
  if (etag === createHash('md5').update(content).digest('hex')) return requestId;
  const what =
    etag === '' ? 'OSS confirmed the upload without an ETag' : 'the ETag is not the MD5 of the agreement';
  throw new AppError('UPLOAD_CORRUPTED', `put: ${what}`, { requestId });
}

function classifyFailure(error: unknown, { refusesSimulators = false }: UploadOptions): AppError {
  const { isTimeout, isUnsent, proxyReason, simulator, ...failure } = readOssFailure(error);
  if (refusesSimulators && simulator !== undefined) return simulatedAnswer('put', simulator);
  if (failure.httpStatus !== undefined) return classifyAnswer({ operation: 'put', ...failure }, OSS_CODES);
  const lost = proxyReason === undefined ? 'connection failed' : `connection failed (${proxyReason})`;
  return new AppError(
    isTimeout ? 'PEER_TIMEOUT' : 'PEER_UNREACHABLE',
    `put: ${isTimeout ? 'no answer in time' : lost}`,
    { wasSent: !isUnsent },
  );
}
