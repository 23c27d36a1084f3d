/** Whether something answers at an address, asked without a signature: that is no call, and counts for no limit. */
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { agentFor, ProxyFailed } from './agents.ts';
import { AnswerRefused } from './bound-answer.ts';
import type { ProxySettings } from './proxy.ts';

export interface ReachOptions {
  proxy: ProxySettings | undefined;
  /** Longest wait for the first line of the answer, in milliseconds. */
  withinMs: number;
}

/**
 * @param address scheme, host and port
 * @returns the headers of the answer, whatever its status
 * @throws Error if no answer comes: of the network, of TLS, or ProxyFailed
 */
export function reach(address: string, { proxy, withinMs }: ReachOptions): Promise<IncomingHttpHeaders> {
  const make = address.startsWith('https:') ? requestHttps : requestHttp;
  const signal = AbortSignal.timeout(withinMs);
  return new Promise((resolve, reject) => {
    const request = make(address, { method: 'HEAD', agent: agentFor(address, proxy), signal });
    request.once('response', (response) => {
      resolve(response.headers);
      // Nothing more is wanted, and it need not end in time.
      response.on('error', () => undefined).resume();
    });
    request.once('error', reject).end();
  });
}

/** Why nothing answered, or nothing that is read, in a few words. */
export function whyUnreached(error: unknown): string {
  if (error instanceof ProxyFailed || error instanceof AnswerRefused) return error.reason;
  const { code, name } = error as NodeJS.ErrnoException;
  return name === 'AbortError' || name === 'TimeoutError' ? 'no answer in time' : (code ?? 'unknown reason');
}
