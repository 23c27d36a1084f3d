/** What is written down of a call: ids and words of the protocol, never a secret or anything about a person. Pure. */

import type { JsonObject } from '../protocol/json.ts';
import type { RequestParsing } from '../protocol/parse-request.ts';
import type { CallFacts } from '../registry/note-call.ts';
import type { Received } from './received.ts';
import type { Verified } from './verify-call.ts';

/** Fields whose values are fit for it; of all others at most the names. */
const SHOWN = [
  ...['orderId', 'orderLineId', 'businessId', 'instanceId', 'license', 'eventId'],
  ...['productId', 'skuCode', 'scene', 'status', 'instanceStatus', 'flag', 'expireTime', 'trialToFormal'],
];
const VALUE_CHARACTERS_MAX = 128;
const NAMES_MAX = 20;

/** Of a call that the marketplace has not signed: nothing in it may be believed. @param body undefined if it never came */
export function strangerFacts(
  { method, path, body }: Pick<Received, 'method' | 'path'> & { body?: Buffer },
  reason: string,
): CallFacts {
  const bytes = body && { bytes: String(body.length) };
  const line = { reason: bounded(reason), method, path: bounded(path), ...bytes };
  return { activity: 'unverified', isTest: false, isStranger: true, line };
}

/** @param ms that it has taken so far */
export function callFacts(verified: Verified, parsing: RequestParsing, ms: number): CallFacts {
  const { key, variant, nonce, digest, offMs, duplicates } = verified;
  const known = parsing.ok || parsing.reason !== 'unknown-activity';
  const activity = parsing.ok ? parsing.request.activity : parsing.activity;
  return {
    // Counted by a name that we know: there would be no end to the others.
    activity: known ? activity : 'unknown',
    isTest: parsing.ok ? parsing.request.isTest : parsing.isTest,
    nonce,
    digest,
    line: {
      ...shownOf(verified.params),
      ...(known ? {} : { named: bounded(activity) }),
      ...reasonOf(parsing),
      ...(duplicates.length > 0 && { reason: 'duplicate', duplicates: namesOf(duplicates) }),
      ...(offMs !== undefined && { clockOffMs: String(offMs) }),
      ...{ key, variant, ms: String(Math.round(ms)) },
    },
  };
}

function reasonOf(parsing: RequestParsing): Record<string, string> {
  if (parsing.ok) return {};
  if (parsing.reason === 'unknown-activity') return { reason: parsing.reason };
  return { reason: parsing.reason, fields: namesOf(parsing.problems.map(({ field }) => field)) };
}

function shownOf(params: JsonObject): Record<string, string> {
  const shown = SHOWN.flatMap((name) => {
    const value = params[name];
    return typeof value === 'string' || typeof value === 'number' ? [[name, bounded(String(value))]] : [];
  });
  return Object.fromEntries(shown);
}

function namesOf(names: readonly string[]): string {
  return [...new Set(names)].slice(0, NAMES_MAX).map(bounded).join(' ');
}

function bounded(text: string): string {
  return text.slice(0, VALUE_CHARACTERS_MAX);
}
