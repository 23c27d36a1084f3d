/** A call to simulated Chat App as it arrived: its parameters stand in the query, in a form, or in both. */
import type { IncomingMessage } from 'node:http';
import { parseAcs3Authorization, type SignedRequest } from './acs3-signature.ts';
import { parseQuery, splitTarget } from './percent.ts';

const FORM = /^application\/x-www-form-urlencoded\b/i;

export interface ChatAppRequest extends SignedRequest {
  body: Buffer;
  /** The query and the form, joined, as they were encoded. */
  encoded: string;
  /** Absent if the query or the form cannot be decoded. */
  parameters: Record<string, string> | undefined;
}

export function describeChatApp(incoming: IncomingMessage, body: Buffer): ChatAppRequest {
  const { path, query } = splitTarget(incoming.url);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  const form = FORM.test(headers['content-type'] ?? '') ? body.toString() : '';
  const encoded = [query, form].filter(Boolean).join('&');
  const parameters = decode(encoded);
  return { method: incoming.method ?? '', path, query, headers, body, encoded, parameters };
}

function decode(encoded: string): Record<string, string> | undefined {
  try {
    return Object.fromEntries(parseQuery(encoded));
  } catch {
    return undefined;
  }
}

/** The older signature is a parameter; the newer one is a header, with which such parameters mean nothing. */
export function isSignedInParameters({ headers, parameters = {} }: ChatAppRequest): boolean {
  return headers.authorization === undefined && ('AccessKeyId' in parameters || 'Signature' in parameters);
}

/** Undefined if the request names none: with the newer signature, in a header, because only there it is signed. */
export function actionOf(request: ChatAppRequest): string | undefined {
  const { headers, parameters } = request;
  if (headers.authorization !== undefined) return headers['x-acs-action'];
  return isSignedInParameters(request) ? parameters?.Action : (headers['x-acs-action'] ?? parameters?.Action);
}

/** Empty if the request names none. */
export function accessKeyIdOf({ headers, parameters = {} }: ChatAppRequest): string {
  return parseAcs3Authorization(headers.authorization)?.accessKeyId ?? parameters.AccessKeyId ?? '';
}
