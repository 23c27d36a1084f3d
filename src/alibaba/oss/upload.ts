/** Puts one agreement into OSS with the credentials of one authorization, and proves that it arrived whole. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { UploadAuthorization } from '../chatapp/upload-authorization.ts';
import { classifyAnswer } from '../peer-codes.ts';
import { boundName } from '../peer-text.ts';
import { createOssClient, type OssOptions, readOssFailure } from './client.ts';

export interface Uploaded {
  requestId: string;
  objectKey: string;
  /** OSS had the object already: an earlier attempt of ours arrived although its answer was lost. */
  wasThere: boolean;
}

const resultSchema = z.object({
  res: z.object({ status: z.literal(200), headers: z.record(z.string(), z.unknown()) }),
});
/**
 * @throws AppError, classified by `peer-codes.ts`. An upload may always be repeated: its name is its content.
 */
export async function uploadAgreement(
  authorization: UploadAuthorization,
  file: { name: string; content: Buffer },
  options: OssOptions,
): Promise<Uploaded> {
  const objectKey = `${authorization.directory}/${file.name}`;
  const headers = { 'x-oss-forbid-overwrite': 'true' };
  try {
    const result = await createOssClient(authorization, {
      ...options,
      region: authorization.region ?? options.region,
    }).put(objectKey, file.content, {
      mime: 'application/pdf',
      headers,
    });
    return { requestId: assertWhole(result, file.content), objectKey, wasThere: false };
  } catch (error) {
    const failure = error instanceof AppError ? error : classifyFailure(error);
    // The name is made from the content, so "exists already" means that this very file is there.
    if (failure.peerCode !== 'FileAlreadyExists') throw failure;
    return { requestId: failure.requestId ?? 'unknown', objectKey, wasThere: true };
  }
}

/** ali-oss checks nothing of the answer: the ETag of a simple upload is the MD5 of what was stored. */
function assertWhole(result: unknown, content: Buffer): string {
  const { success, data } = resultSchema.safeParse(result);
  const etag = success
    ? String(data.res.headers.etag ?? '')
        .replace(/"/g, '')
        .toLowerCase()
    : '';
  const requestId = success
    ? boundName(String(data.res.headers['x-oss-request-id'] ?? 'unknown'))
    : 'unknown';
  if (etag === createHash('md5').update(content).digest('hex')) return requestId;
  const what =
    etag === '' ? 'OSS confirmed the upload without an ETag' : 'the ETag is not the MD5 of the agreement';
  throw new AppError('UPLOAD_CORRUPTED', `put: ${what}`, { requestId });
}

function classifyFailure(error: unknown): AppError {
  const { isTimeout, httpStatus, ...failure } = readOssFailure(error);
  if (httpStatus !== undefined)
    return classifyAnswer({ operation: 'put', httpStatus, ...failure, message: undefined });
  return new AppError(
    isTimeout ? 'PEER_TIMEOUT' : 'PEER_UNREACHABLE',
    `put: ${isTimeout ? 'no answer in time' : 'connection failed'}`,
  );
}
