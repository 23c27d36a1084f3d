/** Puts one agreement into OSS with the credentials of one authorization, and proves that it arrived whole. */
import { createHash } from 'node:crypto';
import OSS from 'ali-oss';
import { z } from 'zod';
import type { UploadAuthorization } from '../chatapp/upload-authorization.ts';
import { AppError } from '../errors.ts';
import { classifyAnswer } from '../peer-codes.ts';

export interface UploadOptions {
  signature: 'v4' | 'v1';
  /** Used where the host does not tell the region. */
  region: string | undefined;
  timeoutMs: number;
}

export interface Uploaded {
  requestId: string;
  objectKey: string;
  /** OSS had the object already: an earlier attempt of ours arrived although its answer was lost. */
  wasThere: boolean;
}

const resultSchema = z.object({
  res: z.object({ status: z.literal(200), headers: z.record(z.string(), z.unknown()) }),
});
const failureSchema = z.object({
  code: z.string().optional(),
  status: z.number().optional(),
  requestId: z.string().optional(),
});

/**
 * @throws AppError, classified by `peer-codes.ts`. An upload may always be repeated: its name is its content.
 */
export async function uploadAgreement(
  authorization: UploadAuthorization,
  file: { name: string; content: Buffer },
  options: UploadOptions,
): Promise<Uploaded> {
  const objectKey = `${authorization.directory}/${file.name}`;
  const headers = { 'x-oss-forbid-overwrite': 'true' };
  try {
    const result = await createClient(authorization, options).put(objectKey, file.content, {
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

function createClient(authorization: UploadAuthorization, options: UploadOptions): OSS {
  const region = authorization.region ?? options.region;
  return new OSS({
    accessKeyId: authorization.accessKeyId,
    accessKeySecret: authorization.accessKeySecret,
    stsToken: authorization.securityToken,
    bucket: authorization.bucket,
    endpoint: authorization.endpoint,
    secure: authorization.endpoint.startsWith('https:'),
    ...(region === undefined ? {} : { region: `oss-${region}` }),
    authorizationV4: options.signature === 'v4',
    timeout: options.timeoutMs,
    retryMax: 0,
    // No refresh function is given, so nothing is refreshed; the value only keeps ali-oss from writing to the console.
    refreshSTSTokenInterval: 3_600_000,
  } as OSS.Options);
}

/** ali-oss checks nothing of the answer: the ETag of a simple upload is the MD5 of what was stored. */
function assertWhole(result: unknown, content: Buffer): string {
  const { success, data } = resultSchema.safeParse(result);
  const etag = success
    ? String(data.res.headers.etag ?? '')
        .replace(/"/g, '')
        .toLowerCase()
    : '';
  const requestId = success ? String(data.res.headers['x-oss-request-id'] ?? 'unknown') : 'unknown';
  if (etag === createHash('md5').update(content).digest('hex')) return requestId;
  const what =
    etag === '' ? 'OSS confirmed the upload without an ETag' : 'the ETag is not the MD5 of the agreement';
  throw new AppError('UPLOAD_CORRUPTED', `put: ${what}`, { requestId });
}

/** @param error of ali-oss: holds the whole file in `params`, so only three harmless fields are read. */
function classifyFailure(error: unknown): AppError {
  const { data = {} } = failureSchema.safeParse(error);
  const httpStatus = data.status !== undefined && data.status > 0 ? data.status : undefined;
  if (httpStatus !== undefined)
    return classifyAnswer({
      operation: 'put',
      httpStatus,
      code: data.code,
      message: undefined,
      requestId: data.requestId,
    });
  const isTimeout = error instanceof Error && /Timeout/.test(error.name);
  return new AppError(
    isTimeout ? 'PEER_TIMEOUT' : 'PEER_UNREACHABLE',
    `put: ${isTimeout ? 'no answer in time' : 'connection failed'}`,
  );
}
