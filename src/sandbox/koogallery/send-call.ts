/**
 * One call over the wire, to a stranger's server: nothing is followed, TLS is checked whatever the environment says, and
 * neither size nor time of the answer is left to the other side.
 */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { WireCall } from './sign-call.ts';

/** After this the debugger gives up (docs/koogallery-sources.md), in milliseconds. */
export const GIVE_UP_MS = 20_000;
/** More than a full answer to 100 instances needs, in bytes. */
export const ANSWER_BYTES_MAX = 1_048_576;

export interface WireAnswer {
  status: number;
  /** Names and values in turn, as they were written. */
  rawHeaders: readonly string[];
  /** The exact bytes. */
  body: Buffer;
}

/** What came of a call; `failure` says why there is no answer. */
export type Outcome = { elapsedMs: number } & (
  | { answer: WireAnswer; failure?: undefined }
  | { answer?: undefined; failure: string }
);

export interface SendOptions {
  giveUpMs?: number;
  signal?: AbortSignal | undefined;
}

/** Never throws: a call without an answer is an outcome too. @param endpoint without query */
export function sendCall(endpoint: URL, call: WireCall, options: SendOptions = {}): Promise<Outcome> {
  const { giveUpMs = GIVE_UP_MS, signal } = options;
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  return new Promise((resolve) => {
    const isTls = endpoint.protocol === 'https:';
    const request = (isTls ? requestHttps : requestHttp)({
      ...{ method: call.method, headers: headersOf(call), agent: false, signal },
      ...{ host: bareHost(endpoint), port: endpoint.port || (isTls ? 443 : 80) },
      path: pathOf(endpoint, call),
      ...(isTls && { rejectUnauthorized: true, minVersion: 'TLSv1.2' as const }),
    });
    const timer = setTimeout(() => fail(`no answer within ${giveUpMs / 1000} s`), giveUpMs);
    const fail = (failure: string): void => {
      clearTimeout(timer);
      resolve({ failure, elapsedMs: elapsed() });
      request.destroy();
    };
    request.on('error', (error) => fail(describe(error)));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES_MAX) fail(`the answer is longer than ${ANSWER_BYTES_MAX} bytes`);
        else chunks.push(chunk);
      });
      response.on('error', (error) => fail(describe(error)));
      response.on('end', () => {
        clearTimeout(timer);
        const { statusCode: status = 0, rawHeaders } = response;
        resolve({ answer: { status, rawHeaders, body: Buffer.concat(chunks) }, elapsedMs: elapsed() });
      });
    });
    request.end(call.body);
  });
}

function headersOf({ headers, body }: WireCall): Record<string, string> {
  return body === undefined ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
}

function pathOf({ pathname }: URL, { path, query }: WireCall): string {
  const below = path === '' ? pathname : `${pathname.replace(/\/$/, '')}${path}`;
  return query === '' ? below : `${below}?${query}`;
}

/** An IPv6 address without its brackets. */
const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** The code says it all, and unlike the message holds nothing from outside. */
function describe(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? 'the connection broke' : `the connection failed (${code})`;
}
