/** `authToken`, by which V1.0 and old License requests are signed (docs/koogallery-sources.md). Pure. */
import { hmacSha256, safeEqual } from './hmac.ts';
import type { JsonObject } from './json.ts';
import { type Params, type QueryReading, readQuery } from './query.ts';
import { firstMatch, type Matched, type Refused, type SellerKeys } from './verification.ts';

/** With the parameters in the reading that was signed: nothing else of the request may be believed. */
export type QueryVerification = (Matched<QueryReading> & { params: Params }) | Refused;

/** A form has only one reading. */
export type FormVerification = Matched<'form'> | Refused;

/**
 * The token in Base64: `HMAC(key + timeStamp, "name1=value1&name2=value2…")`, names ascending by code unit, values
 * decoded. Values are not escaped, so `a=1&b=2` may be two parameters or one; the scheme cannot tell.
 * @param params all parameters; an `authToken` among them is left out
 */
export function authToken(key: string, params: Readonly<Params>): string {
  const signed = Object.keys(params)
    .filter((name) => name !== 'authToken')
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('&');
  return hmacSha256(key + (params.timeStamp ?? ''), signed).toString('base64');
}

/**
 * Checks the `authToken` of a GET request: with `+` as a space, then with `+` kept, then decoded twice. In the token
 * itself a space is always a `+` that was lost.
 * @param query what stands behind the `?` of the URL, as it came
 */
export function verifyQuery(query: string, keys: SellerKeys): QueryVerification {
  const readings: Record<QueryReading, Params> = {
    form: readQuery(query).params,
    literal: readQuery(query, 'literal').params,
    double: readQuery(query, 'double').params,
  };
  if (!readings.form.authToken || !readings.form.timeStamp) return { valid: false, reason: 'missing' };
  const found = firstMatch(keys, ['form', 'literal', 'double'], (key, reading) =>
    isTokenOf(readings[reading].authToken, authToken(key, readings[reading])),
  );
  return found ? { ...found, params: readings[found.variant] } : { valid: false, reason: 'mismatch' };
}

/** The token of a V1.0 kit call: the same over the top level of its body, blank values left out, all as text. */
export function kitAuthToken(key: string, body: Readonly<JsonObject>): string {
  return authToken(key, formOf(body));
}

/**
 * Checks a V1.0 kit call.
 * @param token the header `authToken`
 */
export function verifyKitToken(
  { token, body }: { token: string | undefined; body: Readonly<JsonObject> },
  keys: SellerKeys,
): FormVerification {
  if (!token || formOf(body).timeStamp === undefined) return { valid: false, reason: 'missing' };
  const found = firstMatch(keys, ['form'], (key) => isTokenOf(token, kitAuthToken(key, body)));
  return found ?? { valid: false, reason: 'mismatch' };
}

function isTokenOf(token: string | undefined, expected: string): boolean {
  return safeEqual((token ?? '').replaceAll(' ', '+'), expected);
}

/** How Java would print a nested value is not documented; compact JSON is the likeliest. */
function formOf(body: Readonly<JsonObject>): Params {
  const texts = Object.entries(body).map(([name, value]): [string, string] => [name, textOf(value)]);
  return Object.fromEntries(texts.filter(([, text]) => text.trim() !== ''));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
