/** What simulated OSS looks at in an upload, whichever bucket it goes to. Each throws an `OssError`. */
import { createHash } from 'node:crypto';
import { OssError } from './oss-error.ts';
import { type OssRequest, SUB_RESOURCES } from './oss-signature.ts';

const SUPPORTED = new Set(['uploads', 'uploadId', 'partNumber', 'security-token']);

/** Whoever asks for anything else than an upload is told so: to store the body would destroy the object. */
export function refuseOtherThanUploads({ parameters, headers }: OssRequest): void {
  const isOther = Object.keys(parameters).some((name) => SUB_RESOURCES.has(name) && !SUPPORTED.has(name));
  if (isOther || 'x-oss-copy-source' in headers) throw new OssError(501, 'NotImplemented', '0000-00000000');
}

export function verifyDigest({ headers }: OssRequest, content: Buffer): void {
  const claimed = headers['content-md5'];
  if (claimed !== undefined && claimed !== createHash('md5').update(content).digest('base64'))
    throw new OssError(400, 'InvalidDigest', '0017-00000002');
}

export function verifyOverwriting({ headers }: OssRequest, exists: boolean): void {
  const { 'x-oss-forbid-overwrite': wish = 'false' } = headers;
  if (!['true', 'false'].includes(wish)) throw new OssError(400, 'InvalidArgument', '0017-00000279');
  if (wish === 'true' && exists) throw new OssError(409, 'FileAlreadyExists', '0026-00000002');
}
