/** The one way to make a client of ali-oss, and to read its failures without what they reveal of the request. */
import { isIP } from 'node:net';
import OSS from 'ali-oss';
import { z } from 'zod';
import { agentFor } from '../agents.ts';
import { peerName, peerRequestId } from '../peer-text.ts';
import type { ProxySettings } from '../proxy.ts';
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
  /** Absent: calls leave directly. */
  proxy?: ProxySettings;
  /** Longest answer, unpacked, in bytes; by default that of a peer. */
  answerBytesMax?: number;
}

export function createOssClient(target: OssTarget, options: OssOptions): OSS {
  const { signature, region, timeoutMs, proxy, answerBytesMax } = options;
  const agent = agentFor(hostOf(target), proxy, answerBytesMax);
  return new OSS({
    agent,
    httpsAgent: agent,
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

/** The bucket is part of the host's name, unless that is an address. */
function hostOf({ bucket, endpoint }: OssTarget): string {
  const { protocol, host, hostname } = new URL(endpoint);
  return isIP(hostname.replace(/^\[|\]$/g, '')) ? endpoint : `${protocol}//${bucket}.${host}`;
}

export interface OssFailure {
  /** Absent if no answer came. */
  httpStatus: number | undefined;
  code: string | undefined;
  requestId: string | undefined;
  /** What a proxy did instead of letting it through. */
  proxyReason: string | undefined;
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
    proxyReason: error instanceof Error ? proxyReason(error.message) : undefined,
    isTimeout: error instanceof Error && /Timeout/.test(error.name),
    isUnsent: error instanceof Error && UNSENT.test(error.message),
  };
}

/** What our own agent says; urllib adds the address of the call. */
const OF_PROXY = /^connect EPROXY (?<why>[^\n]*?)(?:, [A-Z]+ https?:|$)/;

function proxyReason(message: string): string | undefined {
  const why = OF_PROXY.exec(message)?.groups?.why;
  return why && `the proxy ${why}`;
}
