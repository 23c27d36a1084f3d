/** Whose signature a request to simulated OSS carries, V1 or V4, and the refusals of requests without a valid one. */
import { OssError } from './oss-error.ts';
import { type OssRequest, signOssV1, signOssV4 } from './oss-signature.ts';
import { SIMULATED_REGION, type SimulatorState } from './state.ts';

const SKEW_MS_MAX = 15 * 60_000;
const V1 = /^OSS ([^:]+):(.+)$/;
const V4 =
  /^OSS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/oss\/aliyun_v4_request, ?(?:AdditionalHeaders=([^,]*), ?)?Signature=([0-9a-f]{64})$/;

function parseAuthorization({ headers }: OssRequest) {
  const { authorization = '' } = headers;
  return { v4: V4.exec(authorization), v1: V1.exec(authorization) };
}

/** Empty if the request names none. */
export function accessKeyIdOf(request: OssRequest): string {
  const { v4, v1 } = parseAuthorization(request);
  return v4?.[1] ?? v1?.[1] ?? '';
}

interface Signer {
  accessKeySecret: string;
  securityToken?: string;
}

/** Who signed the request. Throws what the real service answers if nobody did so correctly. */
export function authenticate<S extends Signer>(
  state: SimulatorState,
  request: OssRequest,
  signers: ReadonlyMap<string, S>,
): S {
  let at: number;
  let signer: S;
  try {
    signer = signerOf(request, signers);
    at = dateOf(request);
    verifySignature(request, signer);
  } catch (error) {
    state.record.badSignatures++;
    throw error;
  }
  if (Math.abs(state.now() - at) > SKEW_MS_MAX)
    throw new OssError(403, 'RequestTimeTooSkewed', '0002-00000504');
  return signer;
}

function signerOf<S extends Signer>(request: OssRequest, signers: ReadonlyMap<string, S>): S {
  const { headers } = request;
  // Whoever signs nothing is anonymous, and neither bucket is public.
  if (headers.authorization === undefined) throw new OssError(403, 'AccessDenied', '0003-00000001');
  const accessKeyId = accessKeyIdOf(request);
  if (accessKeyId === '') throw new OssError(400, 'InvalidArgument', '0002-00000213');
  const signer = signers.get(accessKeyId);
  if (signer === undefined) throw new OssError(403, 'InvalidAccessKeyId', '0002-00000902');
  const token = headers['x-oss-security-token'];
  if (token === undefined && signer.securityToken !== undefined)
    throw new OssError(403, 'InvalidAccessKeyId', '0002-00000003');
  if (token !== signer.securityToken) throw new OssError(403, 'InvalidSecurityToken', '0002-00000006');
  return signer;
}

function verifySignature(request: OssRequest, signer: Signer): void {
  const { v4, v1 } = parseAuthorization(request);
  const isSigned = v4
    ? verifyV4(request, { match: v4, signer })
    : v1?.[2] === signOssV1(request, signer.accessKeySecret);
  if (!isSigned) throw new OssError(403, 'SignatureDoesNotMatch', '0002-00000040');
}

function verifyV4(
  request: OssRequest,
  { match, signer }: { match: RegExpExecArray; signer: Signer },
): boolean {
  const [, , date = '', region = '', additional = '', signature] = match;
  if (region !== SIMULATED_REGION) throw new OssError(400, 'InvalidArgument', '0002-00000226');
  if (!request.headers['x-oss-date']?.startsWith(date))
    throw new OssError(400, 'InvalidArgument', '0002-00000212');
  if (request.headers['x-oss-content-sha256'] !== 'UNSIGNED-PAYLOAD')
    throw new OssError(400, 'InvalidArgument', '0002-00000214');
  const additionalHeaders = additional.split(';').filter(Boolean);
  return signature === signOssV4(request, { date, region, additionalHeaders }, signer.accessKeySecret);
}

const GMT = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
const COMPACT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Milliseconds since 1970. ali-oss writes the date of V1 as `Date` would have it, into `x-oss-date`. */
function dateOf(request: OssRequest): number {
  const { 'x-oss-date': own, date } = request.headers;
  const text = own ?? date;
  if (text === undefined) throw new OssError(403, 'AccessDenied', '0002-00000503');
  const isV4 = parseAuthorization(request).v4 !== null;
  const isInForm = own === undefined ? GMT.test(text) : COMPACT.test(text) || (!isV4 && GMT.test(text));
  const iso = text.replace(COMPACT, '$1-$2-$3T$4:$5:$6Z');
  const at = isInForm ? Date.parse(iso) : Number.NaN;
  if (Number.isNaN(at)) throw new OssError(403, 'AccessDenied', '0002-00000502');
  return at;
}
