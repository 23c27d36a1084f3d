/**
 * Status and headers of every answer, which the SDK throws away: an answer that is not JSON reaches the caller as a
 * bare SyntaxError, and error headers (`x-acs-retry-after`) never do. Node reports both on its own diagnostic
 * channels; the request that belongs to a call is known by the nonce of its signature. (Asynchronous context would
 * find it too, but makes every promise of the process slower.)
 */
import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { boundName } from '../peer-text.ts';
import { simulatorOf } from '../simulator.ts';

export const NONCE_HEADER = 'x-acs-signature-nonce';

export interface TappedResponse {
  /** A request was made at all; without one the failure is in this program or its settings. */
  isStarted?: boolean;
  httpStatus?: number;
  retryAfterMs?: number;
  requestId?: string;
  /** Instance of the simulator that answered. */
  simulator?: string | undefined;
}

const callOfNonce = new Map<unknown, TappedResponse>();
let isSubscribed = false;

/**
 * Runs one SDK call; `tapped` is filled as soon as an answer's headers arrive.
 * @param call must send the nonce it is given as the header `NONCE_HEADER`
 */
export async function withResponseTap<T>(
  tapped: TappedResponse,
  call: (nonce: string) => Promise<T>,
): Promise<T> {
  subscribeOnce();
  const nonce = randomUUID();
  callOfNonce.set(nonce, tapped);
  try {
    return await call(nonce);
  } finally {
    callOfNonce.delete(nonce);
  }
}

function subscribeOnce(): void {
  if (isSubscribed) return;
  isSubscribed = true;
  subscribe('http.client.request.start', (message) => {
    const call = callOf((message as { request: ClientRequest }).request);
    if (call) call.isStarted = true;
  });
  subscribe('http.client.response.finish', (message) => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    const call = callOf(request);
    if (call) Object.assign(call, readResponse(response));
  });
}

const callOf = (request: ClientRequest) => callOfNonce.get(request.getHeader(NONCE_HEADER));

function readResponse({ statusCode, headers }: IncomingMessage): TappedResponse {
  const retryAfter = Number(headers['x-acs-retry-after']);
  const requestId = headers['x-acs-request-id'];
  return {
    httpStatus: statusCode,
    retryAfterMs: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
    requestId: typeof requestId === 'string' ? boundName(requestId) : undefined,
    simulator: simulatorOf(headers),
  };
}
