/** One POST to somebody who is not a peer: bounded in time and in bytes, through the proxy, and no redirect is followed. */
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import { agentFor } from './agents.ts';
import type { ProxySettings } from './proxy.ts';

const ANSWER_BYTES_MAX = 64 * 1_024;

export interface PostRequest {
  url: string;
  /** JSON. */
  body: string;
  headers?: Record<string, string>;
}

export interface PostAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** @param withinMs longest wait for the whole answer. @throws Error of the network, or AnswerRefused if it is too long */
export function post(
  { url, body, headers = {} }: PostRequest,
  { proxy, withinMs }: { proxy: ProxySettings | undefined; withinMs: number },
): Promise<PostAnswer> {
  const make = url.startsWith('https:') ? requestHttps : requestHttp;
  const signal = AbortSignal.timeout(withinMs);
  const agent = agentFor(new URL(url).origin, proxy, ANSWER_BYTES_MAX);
  const all = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const request = make(url, { method: 'POST', agent, signal, headers: { ...all, ...headers } });
    request.once('response', (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      readText(response).then((text) => resolve({ status, headers: answered, body: text }), reject);
    });
    request.once('error', reject).end(body);
  });
}
