/** The answer of `GetChatappUploadAuthorization`, read defensively: it says where an agreement and a token are sent. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { assertAllowedHost, normaliseHost, regionOf } from '../oss/endpoint.ts';

const EXPIRE_SECONDS_FALLBACK = 900;
const EXPIRE_SECONDS_MAX = 86_400;
const EXPIRE_SECONDS_CLAMP = 3_600;
/** A "duration" this large is a point in time, in seconds since 1970. */
const EPOCH_SECONDS_MIN = 1_000_000_000;

const field = z.string().min(1);
const authorizationSchema = z.object({
  AccessKeyId: field,
  AccessKeySecret: field,
  SecurityToken: field,
  BucketName: z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/),
  Dir: field,
  EndPoint: field,
  Expire: z.unknown().optional(),
});

/** Where and with what one agreement may be uploaded. Lives in one job run; never stored, never logged. */
export interface UploadAuthorization {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken: string;
  bucket: string;
  directory: string;
  /** Scheme and host; http only for the simulator. */
  endpoint: string;
  /** Region for V4 signatures; absent where the host does not tell. */
  region: string | undefined;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export interface EndpointRules {
  allowedSuffixes: readonly string[];
  allowsLoopback: boolean;
}

/**
 * @param askedAt when the request was sent, in milliseconds since 1970: `Expire` counts from there at the earliest
 * @throws AppError AUTHORIZATION_INVALID or ENDPOINT_REFUSED
 */
export function parseUploadAuthorization(
  data: unknown,
  askedAt: number,
  rules: EndpointRules,
): UploadAuthorization {
  const result = authorizationSchema.safeParse(data);
  if (!result.success) {
    const fields = [...new Set(result.error.issues.map((issue) => issue.path.join('.') || 'Data'))].join(
      ', ',
    );
    throw new AppError('AUTHORIZATION_INVALID', `The upload authorization has no usable ${fields}.`);
  }
  const { AccessKeyId, AccessKeySecret, SecurityToken, BucketName, Dir, EndPoint, Expire } = result.data;
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
    expiresAt: expiryOf(Expire, askedAt),
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

/** `Expire` is documented as a duration in seconds; other readings are tolerated. Pure. */
export function expiryOf(expire: unknown, askedAt: number): number {
  const value = typeof expire === 'number' || typeof expire === 'string' ? Number(expire) : Number.NaN;
  if (!(value > 0)) return askedAt + EXPIRE_SECONDS_FALLBACK * 1000;
  if (value >= EPOCH_SECONDS_MIN) return value * 1000;
  return askedAt + (value > EXPIRE_SECONDS_MAX ? EXPIRE_SECONDS_CLAMP : value) * 1000;
}
