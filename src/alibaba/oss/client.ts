/** The one way to make a client of ali-oss, and to read its failures without what they reveal of the request. */
import OSS from 'ali-oss';
import { z } from 'zod';
import { peerName, peerRequestId } from '../peer-text.ts';
import { SIMULATOR_HOST } from '../simulator.ts';

export interface OssTarget {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string | undefined;
  bucket: string;
  /** Scheme and host. */
  endpoint: string;
}

export interface OssOptions {
  signature: 'v4' | 'v1';
  /** For V4 signatures; absent if neither the host nor the configuration gives it. */
  region: string | undefined;
  timeoutMs: number;
}

export function createOssClient(target: OssTarget, { signature, region, timeoutMs }: OssOptions): OSS {
  return new OSS({
    accessKeyId: target.accessKeyId,
    accessKeySecret: target.accessKeySecret,
    ...(target.securityToken === undefined ? {} : { stsToken: target.securityToken }),
    bucket: target.bucket,
    endpoint: target.endpoint,
    secure: target.endpoint.startsWith('https:'),
    ...(region === undefined ? {} : { region: `oss-${region}` }),
    authorizationV4: signature === 'v4',
    timeout: timeoutMs,
    retryMax: 0,
    // No refresh function is given, so nothing is refreshed; the value only keeps ali-oss from writing to the console.
    refreshSTSTokenInterval: 3_600_000,
  } as OSS.Options);
}

export interface OssFailure {
  /** Absent if no answer came. */
  httpStatus: number | undefined;
  code: string | undefined;
  requestId: string | undefined;
  isTimeout: boolean;
  /** Not a byte has left: the name was not found, or no connection came about. */
  isUnsent: boolean;
  /** Instance of the simulator that answered: ali-oss drops the headers of a refusal, so it also says so as its host. */
  simulator: string | undefined;
}

/** ali-oss keeps of a lost connection only Node's text, which begins with the system call that failed. */
const UNSENT = /^(connect|getaddrinfo) E[A-Z_]+/;

const failureSchema = z.object({
  code: peerName,
  status: z.number().optional().catch(undefined),
  requestId: peerRequestId,
  hostId: peerName,
});

/** @param error of ali-oss: holds the whole file in `params`, so only harmless fields are read */
export function readOssFailure(error: unknown): OssFailure {
  const { data = {} } = failureSchema.safeParse(error);
  return {
    httpStatus: data.status !== undefined && data.status > 0 ? data.status : undefined,
    code: data.code,
    requestId: data.requestId,
    simulator: data.hostId?.startsWith(SIMULATOR_HOST) ? data.hostId.slice(SIMULATOR_HOST.length) : undefined,
    isTimeout: error instanceof Error && /Timeout/.test(error.name),
    isUnsent: error instanceof Error && UNSENT.test(error.message),
  };
}
