/**
 * Chat App: both operations by a generic signed call of `@alicloud/openapi-client`, because the product SDK has
 * dropped one of them. What the SDK leaves to its caller is done here: one request per call, a deadline that holds,
 * every answer classified, and nothing of the request in any error.
 */
import OpenApiModule, { Config, OpenApiRequest, Params } from '@alicloud/openapi-client';
import { RuntimeOptions } from '@alicloud/tea-util';
import { z } from 'zod';
import type { Customer } from '../../customer/customer.ts';
import { AppError } from '../../errors.ts';
import type { Account } from '../../onboarding/accounts.ts';
import type { Credentials } from '../credentials.ts';
import { classifyAnswer, type PeerOperation } from '../peer-codes.ts';
import { peerMessage, peerName } from '../peer-text.ts';
import { NONCE_HEADER, type TappedResponse, withResponseTap } from './response-tap.ts';

const VERSION = '2020-06-06';
/** Beyond the SDK's own timeout; the SDK loses its timer on a reused socket, this one stays. */
const DEADLINE_MARGIN_MS = 5_000;

const ACTIONS = { authorize: 'GetChatappUploadAuthorization', submit: 'SubmitIsvCustomerTerms' } as const;

/** Connection failures that happen before a byte of the request could leave. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const NOT_SENT_TLS = /^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/** The envelope of every answer; lower-case names come from some gateways. */
const envelopeSchema = z
  .object({
    Code: peerName.optional(),
    code: peerName.optional(),
    Message: peerMessage.optional(),
    message: peerMessage.optional(),
    RequestId: peerName.optional(),
    requestId: peerName.optional(),
    Data: z.unknown().optional(),
  })
  .transform((body) => ({
    code: body.Code ?? body.code,
    message: body.Message ?? body.message,
    requestId: body.RequestId ?? body.requestId,
    data: body.Data,
  }));
type Envelope = z.output<typeof envelopeSchema>;

export interface ChatAppOptions {
  account: Pick<Account, 'endpoint' | 'region'>;
  timeoutMs: number;
}

export interface ChatAppSuccess {
  requestId: string;
  data: unknown;
}

export type ChatApp = ReturnType<typeof createChatApp>;

export function createChatApp({ account, timeoutMs }: ChatAppOptions) {
  const { protocol, host } = new URL(account.endpoint);
  const scheme = protocol.slice(0, -1);

  /** `GetChatappUploadAuthorization`. @throws AppError, classified by `peer-codes.ts`. */
  function authorize(credentials: Credentials, custSpaceId: string): Promise<ChatAppSuccess> {
    return call('authorize', credentials, { CustSpaceId: custSpaceId });
  }

  /** `SubmitIsvCustomerTerms`. @throws AppError; class `ambiguous` where the peer may have accepted it. */
  function submit(credentials: Credentials, customer: Customer, isvTerms: string): Promise<ChatAppSuccess> {
    return call('submit', credentials, { ...customer, IsvTerms: isvTerms });
  }

  async function call(
    operation: 'authorize' | 'submit',
    credentials: Credentials,
    query: Record<string, string>,
  ): Promise<ChatAppSuccess> {
    const tapped: TappedResponse = {};
    const answer = await withResponseTap(tapped, (nonce) =>
      withDeadline(send(operation, credentials, query, nonce)),
    ).catch((error: unknown) => {
      throw classifyFailure(operation, error, tapped);
    });
    return readSuccess(operation, answer, tapped);
  }

  async function send(
    operation: 'authorize' | 'submit',
    credentials: Credentials,
    query: Record<string, string>,
    nonce: string,
  ) {
    const client = new OpenApiModule.default(
      new Config({ ...credentials, regionId: account.region, endpoint: host, protocol: scheme }),
    );
    const params = new Params({
      action: ACTIONS[operation],
      version: VERSION,
      protocol: scheme.toUpperCase(),
      pathname: '/',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'formData',
      bodyType: 'json',
    });
    // "connectTimeout" is really the socket's idle time: with a smaller value slow answers would look unsent.
    const runtime = new RuntimeOptions({
      readTimeout: timeoutMs,
      connectTimeout: timeoutMs,
      autoretry: false,
    });
    const request = new OpenApiRequest({ query, headers: { [NONCE_HEADER]: nonce } });
    return client.callApi(params, request, runtime);
  }

  async function withDeadline<T>(promise: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DeadlineError()), timeoutMs + DEADLINE_MARGIN_MS);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  return { authorize, submit };
}

class DeadlineError extends Error {
  override readonly name = 'RequestTimeoutError';
}

function readSuccess(
  operation: PeerOperation,
  answer: Record<string, unknown>,
  tapped: TappedResponse,
): ChatAppSuccess {
  const body = envelopeSchema.safeParse(answer.body ?? {});
  const envelope: Partial<Envelope> = body.success ? body.data : {};
  const requestId = envelope.requestId ?? tapped.requestId;
  const httpStatus = Number(answer.statusCode ?? tapped.httpStatus);
  if (httpStatus === 200 && envelope.code === 'OK' && requestId !== undefined)
    return { requestId, data: envelope.data };
  throw classifyAnswer({ operation, ...envelope, requestId, httpStatus, retryAfterMs: tapped.retryAfterMs });
}

/** @param error whatever the SDK rejected with; its message holds the URL with the customer's data, so it is dropped. */
function classifyFailure(operation: PeerOperation, error: unknown, tapped: TappedResponse): unknown {
  if (!tapped.isStarted) return error;
  const failure = (error ?? {}) as { code?: unknown; name?: unknown; data?: unknown };
  const { httpStatus, retryAfterMs } = tapped;
  const body = envelopeSchema.safeParse(failure.data);
  if (body.success && httpStatus !== undefined) {
    const requestId = body.data.requestId ?? tapped.requestId;
    return classifyAnswer({ operation, ...body.data, requestId, httpStatus, retryAfterMs });
  }
  // Headers came, but no body that is one of the peer's: a proxy's page. The status decides.
  const wasCutOff = typeof failure.code === 'string' || failure.name === 'RequestTimeoutError';
  if (httpStatus !== undefined && (httpStatus !== 200 || !wasCutOff))
    return classifyAnswer({ operation, httpStatus, requestId: tapped.requestId, retryAfterMs });
  return classifyTransport(operation, failure);
}

function classifyTransport(operation: PeerOperation, failure: { code?: unknown; name?: unknown }): AppError {
  const code = typeof failure.code === 'string' ? failure.code : undefined;
  const wasSent = code === undefined || !(NOT_SENT.has(code) || NOT_SENT_TLS.test(code));
  const isTimeout = failure.name === 'RequestTimeoutError';
  const what = isTimeout ? 'no answer in time' : `connection failed (${code ?? 'unknown reason'})`;
  return new AppError(isTimeout ? 'PEER_TIMEOUT' : 'PEER_UNREACHABLE', `${operation}: ${what}`, {
    class: operation === 'submit' && wasSent ? 'ambiguous' : 'transient',
  });
}
