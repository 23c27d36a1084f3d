/** The answer of `GetChatappUploadAuthorization`, read defensively: it says where an agreement and a token are sent. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { inLine } from '../../printable.ts';
import { assertAllowedHost, type EndpointRules, normaliseHost, regionOf } from '../oss/endpoint.ts';
import type { UploadTarget } from '../oss/upload-target.ts';

/** Becomes part of a header or a path, where nothing invisible belongs. */
const field = z
  .string()
  .min(1)
  .refine((text) => inLine(text) === text);
/** `Expire` is not read: an authorization is used at once, and OSS says so if it has expired all the same. */
const authorizationSchema = z.object({
  AccessKeyId: field,
  AccessKeySecret: field,
  SecurityToken: field,
  BucketName: z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/),
  Dir: field,
  EndPoint: field,
});

/**
 * @param data the answer's `Data`
 * @throws AppError AUTHORIZATION_INVALID or ENDPOINT_REFUSED; no value of the answer is quoted but the host
 */
export function parseUploadAuthorization(data: unknown, rules: EndpointRules): UploadTarget {
  const result = authorizationSchema.safeParse(data);
  if (!result.success) {
    const fields = new Set(result.error.issues.map((issue) => issue.path.join('.') || 'Data'));
    throw new AppError(
      'AUTHORIZATION_INVALID',
      `The upload authorization has no usable ${[...fields].join(', ')}.`,
    );
  }
  const { AccessKeyId, AccessKeySecret, SecurityToken, BucketName, Dir, EndPoint } = result.data;
  const host = normaliseHost(EndPoint, BucketName);
  const scheme = assertAllowedHost(host, rules);
  return {
    accessKeyId: AccessKeyId,
    accessKeySecret: AccessKeySecret,
    securityToken: SecurityToken,
    bucket: BucketName,
    directory: normaliseDirectory(Dir),
    endpoint: `${scheme}://${host}`,
    region: regionOf(host),
  };
}

function normaliseDirectory(directory: string): string {
  const trimmed = directory
    .trim()
    .replace(/\\/g, '/')
    .replace(/^\/+|\/+$/g, '');
  if (trimmed !== '' && !trimmed.split('/').includes('..')) return trimmed;
  throw new AppError('AUTHORIZATION_INVALID', 'The upload authorization names no directory.');
}
