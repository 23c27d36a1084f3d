/**
 * Calls of KooGallery's open APIs: signed with the seller's access key, bounded in time and bytes, and repeated where that
 * can help. What went wrong is in the result, without an address, a key or a signature.
 */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { buffer as readAll } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { agentFor } from '../../alibaba/agents.ts';
import { AnswerRefused } from '../../alibaba/bound-answer.ts';
import { boundName, peerMessage } from '../../alibaba/peer-text.ts';
import type { ProxySettings } from '../../alibaba/proxy.ts';
import { whyUnreached } from '../../alibaba/reach.ts';
import { isJsonObject, type JsonObject, parseJson } from '../protocol/json.ts';
import { type AccessKeyPair, authorizationOf, sdkDate } from './ak-sk.ts';
import { isRefusedUndone, type Verdict, verdictOf } from './verdicts.ts';

/** Longest wait for a whole answer, in milliseconds. */
const ANSWER_MS_MAX = 5_000;
const TRIES = 3;
/** Before the second try, at most; twice as long before the third. In milliseconds. */
const RETRY_MS = 500;

export interface OpenApiOptions {
  /** The second takes over while the first is away. */
  origins: readonly [string, ...string[]];
  keys: AccessKeyPair;
  proxy?: ProxySettings | undefined;
  /** Longest wait for a whole answer that differs from the default, in milliseconds. */
  withinMs?: number | undefined;
  /** Wait before a second try that differs from the default, in milliseconds. */
  retryMs?: number | undefined;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** From 0 to 1. */
  random?: () => number;
}

export interface OpenApiCall {
  method: 'GET' | 'POST';
  /** Below the host, encoded, without a query. */
  path: string;
  query?: Record<string, string>;
  contentType?: string;
  /** Sent exactly as it is. */
  body?: string | Uint8Array;
  /** Besides those of the signature, and made anew for each try. */
  headers?: (now: number) => Record<string, string>;
  /** By default yes: with `Authorization`. */
  isSigned?: boolean;
}

export interface Outcome {
  verdict: Verdict;
  /** Whether the marketplace may have done what was asked: true for `done`, and where an answer was lost. */
  mayBeDone: boolean;
  /** Whether an earlier try of this call may have done it already, so that this outcome may be about a repetition. */
  mayBeRepeated?: true;
  /** The marketplace's; bounded. */
  code?: string;
  /** The marketplace's, which may repeat what was sent: not for logs. Or why nothing answered. */
  message: string;
  status?: number;
  /** What it answered, if that is a JSON object. */
  body?: JsonObject;
  /** The answer as it came. */
  text?: string;
}

export class OpenApiClient {
  readonly #options: OpenApiOptions;

  constructor(options: OpenApiOptions) {
    this.#options = options;
  }

  /** Never throws: whatever happened is the outcome of the last try. */
  async call(call: OpenApiCall): Promise<Outcome> {
    const { origins, retryMs = RETRY_MS, random = Math.random } = this.#options;
    let host = 0;
    let mayBeDone = false;
    for (let tries = 1; ; tries += 1) {
      const outcome = await this.#try(call, origins[host % origins.length] ?? origins[0]);
      if (outcome.verdict !== 'again' || tries === TRIES)
        return mayBeDone ? { ...outcome, mayBeDone, mayBeRepeated: true } : outcome;
      mayBeDone ||= outcome.mayBeDone;
      if ((outcome.status ?? 500) >= 500) host += 1;
      await sleep(retryMs * tries * (0.5 + random() / 2));
    }
  }

  async #try(call: OpenApiCall, origin: string): Promise<Outcome> {
    try {
      return outcomeOf(await this.#send(call, origin));
    } catch (error) {
      const { syscall } = error as NodeJS.ErrnoException;
      // Whoever could not be connected to was told nothing.
      const wasSent = syscall !== 'connect' && syscall !== 'getaddrinfo';
      const what = error instanceof AnswerRefused ? 'no proper answer' : 'no answer';
      return { verdict: 'again', mayBeDone: wasSent, message: `${what}: ${whyUnreached(error)}` };
    }
  }

  async #send(call: OpenApiCall, origin: string): Promise<{ status: number; text: string }> {
    const { proxy, withinMs = ANSWER_MS_MAX, now = Date.now } = this.#options;
    const url = new URL(call.path, origin);
    // A gateway that signs what it reads may take a plus for itself.
    url.search = new URLSearchParams(call.query).toString().replaceAll('+', '%20');
    const body = call.body ?? '';
    const headers = this.#headersOf({ ...call, body }, url, now());
    const make = url.protocol === 'https:' ? requestHttps : requestHttp;
    const signal = AbortSignal.timeout(withinMs);
    return new Promise((resolve, reject) => {
      const request = make(url, { method: call.method, agent: agentFor(origin, proxy), signal, headers });
      request.once('response', (response) => {
        const status = response.statusCode ?? 0;
        readAll(response).then((content) => resolve({ status, text: content.toString('utf8') }), reject);
      });
      request.once('error', reject).end(body);
    });
  }

  #headersOf(call: OpenApiCall & { body: string | Uint8Array }, url: URL, now: number) {
    const { method, body, contentType = 'application/json', isSigned = true } = call;
    const length = { 'content-length': Buffer.byteLength(body) };
    const plain = { host: url.host, 'content-type': contentType };
    const more = call.headers?.(now) ?? {};
    if (!isSigned) return { ...plain, ...length, ...more };
    const signed = { ...plain, 'x-sdk-date': sdkDate(now) };
    const authorization = authorizationOf({ method, url, headers: signed, body }, this.#options.keys);
    return { ...signed, ...length, ...more, authorization };
  }
}

function outcomeOf({ status, text }: { status: number; text: string }): Outcome {
  const parsed = parseJson(text);
  const body = isJsonObject(parsed) ? parsed : undefined;
  const given = body?.error_code ?? body?.resultCode;
  const code = typeof given === 'string' || typeof given === 'number' ? boundName(String(given)) : undefined;
  const verdict = verdictOf(code, status);
  const message = peerMessage.parse(body?.error_msg ?? body?.resultMsg) ?? `HTTP ${status}`;
  const mayBeDone = verdict === 'done' || !isRefusedUndone(verdict, status);
  return { verdict, mayBeDone, message, status, text, ...(code && { code }), ...(body && { body }) };
}
