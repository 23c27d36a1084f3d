/** Whose signature a request to simulated OSS carries, V1 or V4, and the refusals of requests without a valid one. */
import { type OssRequest, signOssV1, signOssV4 } from './oss-signature.ts';
import { SIMULATED_REGION, type SimulatorState } from './state.ts';

const SKEW_MS_MAX = 15 * 60_000;
const V1 = /^OSS ([^:]+):(.+)$/;
const V4 =
  /^OSS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/oss\/aliyun_v4_request, ?(?:AdditionalHeaders=([^,]*), ?)?Signature=([0-9a-f]{64})$/;

/** A refusal as OSS gives it. */
export class OssError extends Error {
  readonly status: number;
  readonly code: string;
  readonly ec: string;

  constructor(status: number, code: string, ec: string) {
    super(code);
    this.status = status;
    this.code = code;
    this.ec = ec;
  }
}

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
  const { headers } = request;
  const { v4, v1 } = parseAuthorization(request);
  const signer = signers.get(accessKeyIdOf(request));
  if (signer === undefined)
    throw badSignature(state, new OssError(403, 'InvalidAccessKeyId', '0002-00000902'));
  if (headers['x-oss-security-token'] !== signer.securityToken)
    throw badSignature(state, new OssError(403, 'InvalidSecurityToken', '0002-00000006'));
  const isSigned = v4
    ? verifyV4(state, request, { match: v4, signer })
    : v1?.[2] === signOssV1(request, signer.accessKeySecret);
  if (!isSigned) throw badSignature(state, new OssError(403, 'SignatureDoesNotMatch', '0002-00000040'));
  if (!(Math.abs(state.now() - dateOf(headers)) <= SKEW_MS_MAX))
    throw new OssError(403, 'RequestTimeTooSkewed', '0002-00000504');
  return signer;
}

function verifyV4(
  state: SimulatorState,
  request: OssRequest,
  { match, signer }: { match: RegExpExecArray; signer: Signer },
): boolean {
  const [, , date = '', region = '', additional = '', signature] = match;
  if (region !== SIMULATED_REGION)
    throw badSignature(state, new OssError(400, 'InvalidArgument', '0002-00000226'));
  if (!request.headers['x-oss-date']?.startsWith(date))
    throw badSignature(state, new OssError(400, 'InvalidArgument', '0002-00000212'));
  const additionalHeaders = additional.split(';').filter(Boolean);
  return signature === signOssV4(request, { date, region, additionalHeaders }, signer.accessKeySecret);
}

function dateOf(headers: Record<string, string>): number {
  const text = headers['x-oss-date'] ?? headers.date ?? '';
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return Date.parse(iso);
}

function badSignature(state: SimulatorState, error: OssError): OssError {
  state.record.badSignatures++;
  return error;
}
