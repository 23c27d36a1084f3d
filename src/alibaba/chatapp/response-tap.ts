/**
 * Status and headers of every answer, which the SDK throws away: an answer that is not JSON reaches the caller as a
 * bare SyntaxError, and error headers (`x-acs-retry-after`) never do. Node reports both on a diagnostic channel; the
 * request that belongs to a call is known by the nonce of its signature. (Asynchronous context would find it too, but
 * makes every promise of the process slower.) The same way leads to the request that is to be held, and gives it the
 * agent, which the SDK does not let its caller choose: it accepts the settings of a proxy, and ignores them.
 */
import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import httpx from 'httpx';
import { boundName } from '../peer-text.ts';
import { simulatorOf } from '../simulator.ts';
import { holdRequestsOf, type Permission } from './hold-request.ts';

export const NONCE_HEADER = 'x-acs-signature-nonce';

export interface TappedResponse {
  /** By which the request leaves. */
  agent: Agent;
  /** Instance of the simulator that answered. */
  simulator?: string | undefined;
  /** Absent if nobody holds the request back. */
  permission?: Permission | undefined;
  /** A request was made at all; without one the failure is in this program or its settings. */
  isStarted?: boolean;
  httpStatus?: number;
  retryAfterMs?: number;
  requestId?: string;
}

interface Call extends TappedResponse {
  request?: ClientRequest;
  response?: IncomingMessage;
  /** Of the SDK. */
  timer?: NodeJS.Timeout | undefined;
}

/** Where the SDK's HTTP client keeps the timer of a request on its socket. */
const TIMER = 'TIMER::READ_TIMER';

const callOfNonce = new Map<unknown, Call>();
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
  holdRequestsOf(tapped.agent, noteRequest);
  const nonce = randomUUID();
  const open: Call = tapped;
  callOfNonce.set(nonce, open);
  try {
    return await call(nonce);
  } finally {
    callOfNonce.delete(nonce);
    // The SDK forgets it, so request and answer would stay in memory until it runs out: hundreds of them for each account.
    clearTimeout(open.timer);
    // Nobody waits for the rest of an answer that came too late, or never ends.
    if (open.response?.complete !== true) open.request?.destroy();
  }
}

function noteRequest(request: ClientRequest): Permission | undefined {
  const call = callOf(request);
  if (call === undefined) return undefined;
  call.isStarted = true;
  call.request = request;
  return call.permission;
}

function subscribeOnce(): void {
  if (isSubscribed) return;
  isSubscribed = true;
  const { request: send } = httpx;
  Object.assign(httpx, {
    request: (url: string, options: Parameters<typeof send>[1]) => {
      const call = callOfNonce.get(options.headers?.[NONCE_HEADER]);
      return send(url, call ? { ...options, agent: call.agent } : options);
    },
  });
  subscribe('http.client.response.finish', (message) => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    const call = callOf(request);
    if (call) Object.assign(call, readResponse(response), { response, timer: timerOf(request) });
  });
}

const callOf = (request: ClientRequest) => callOfNonce.get(request.getHeader(NONCE_HEADER));

/** Before another request gets the connection, and its timer takes the place of this one. */
function timerOf({ socket }: ClientRequest): NodeJS.Timeout | undefined {
  if (socket === null) return undefined;
  const place = Object.getOwnPropertySymbols(socket).find(({ description }) => description === TIMER);
  return place && (socket as unknown as Record<symbol, NodeJS.Timeout>)[place];
}

function readResponse({ statusCode, headers }: IncomingMessage): Omit<TappedResponse, 'agent'> {
  const retryAfter = Number(headers['x-acs-retry-after']);
  const requestId = headers['x-acs-request-id'];
  return {
    httpStatus: statusCode,
    retryAfterMs: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
    requestId: typeof requestId === 'string' ? boundName(requestId) : undefined,
    simulator: simulatorOf(headers),
  };
}
