/**
 * Status and headers of every answer, which the SDK throws away: an answer that is not JSON reaches the caller as a
 * bare SyntaxError, and error headers (`x-acs-retry-after`) never do. Node reports both on its own diagnostic
 * channels; the request that belongs to a call is found through the call's asynchronous context.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

export interface TappedResponse {
  /** A request was made at all; without one the failure is in this program or its settings. */
  isStarted?: boolean;
  httpStatus?: number;
  retryAfterMs?: number;
  requestId?: string;
}

const calls = new AsyncLocalStorage<TappedResponse>();
const callOfRequest = new WeakMap<ClientRequest, TappedResponse>();
let isSubscribed = false;

/** Runs one SDK call; `tapped` is filled as soon as an answer's headers arrive. */
export function withResponseTap<T>(tapped: TappedResponse, call: () => Promise<T>): Promise<T> {
  subscribeOnce();
  return calls.run(tapped, call);
}

function subscribeOnce(): void {
  if (isSubscribed) return;
  isSubscribed = true;
  subscribe('http.client.request.start', (message) => {
    const call = calls.getStore();
    if (call === undefined) return;
    call.isStarted = true;
    callOfRequest.set((message as { request: ClientRequest }).request, call);
  });
  subscribe('http.client.response.finish', (message) => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    const call = callOfRequest.get(request);
    if (call) Object.assign(call, readResponse(response));
  });
}

function readResponse({ statusCode, headers }: IncomingMessage): TappedResponse {
  const retryAfter = Number(headers['x-acs-retry-after']);
  const requestId = headers['x-acs-request-id'];
  return {
    httpStatus: statusCode,
    retryAfterMs: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
  };
}
