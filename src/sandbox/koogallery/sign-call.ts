/** Calls made and signed as the marketplace makes them, with all ways in which they may differ (docs/koogallery-sources.md). */
import { randomBytes } from 'node:crypto';
import type { Entrance } from '../../koogallery/protocol/activities.ts';
import { isV1 } from '../../koogallery/protocol/answer-problems.ts';
import { authToken, kitAuthToken } from '../../koogallery/protocol/auth-token.ts';
import { kitSignature, sortedPayload, v2Signature } from '../../koogallery/protocol/body-signature.ts';
import type { Generation } from '../../koogallery/protocol/intent.ts';
import { formatChina17, formatUtc17 } from '../../koogallery/protocol/time.ts';
import type { Fields } from './message.ts';

export interface ProbeKeys {
  current: string;
  previous?: string | undefined;
  /** Of joint operation. */
  kit?: string | undefined;
}

/** How one call differs from the plainest one. What an entrance does not have is ignored there. */
export interface Variation {
  /** Default: the current key. `foreign`: a key that no seller has. */
  key?: 'previous' | 'foreign';
  /** `missing`: none is sent; `tampered`: something was changed after signing. */
  signature?: 'missing' | 'tampered';
  /** How far the clock of the marketplace is off, in milliseconds. */
  offsetMs?: number;
  nonce?: string;
  /** Unix time in seconds instead of milliseconds. */
  unit?: 's';
  /** Published examples are in upper case. */
  hex?: 'lower';
  /** The body is not in the order that was signed. */
  isUnsorted?: true;
  /** A field is `null`, which is not signed. */
  hasNull?: true;
  /** A parameter that no page knows, signed as the others. */
  hasExtra?: true;
  /** A parameter with `+ / = & %`, spaces and Chinese. */
  hasHardText?: true;
  /** Spaces in a query as `%20`; default: `+`, as Java writes them. */
  space?: 'percent';
  /** The `+` of an `authToken` are sent as they are. */
  losesPlus?: true;
  /** Fields that are left out. */
  without?: readonly string[];
  /** A name of the query that comes once more behind the others, unsigned, with another value. */
  twiceInQuery?: string;
  /** A name of the body that comes once more before the others, with another value: in Java, the last one counts. */
  twiceInBody?: string;
  /** Of a call that is none for debugging: older pages send `0`, newer ones nothing. */
  testFlag?: '0';
  /** Of `expireTime`; default: 14. */
  digits?: 17;
  /** Fields with other values. */
  fields?: Fields;
  activity?: string;
  /** Sent and signed instead of the fields. */
  body?: string;
}

export interface Terms {
  generation: Generation;
  keys: ProbeKeys;
  /** A debug call, with `testFlag`. */
  isTest: boolean;
  nowMs: number;
}

export interface Unsigned {
  activity: string;
  entrance: Entrance;
  fields: Fields;
}

/** Ready to be sent. */
export interface WireCall {
  activity: string;
  method: 'GET' | 'POST';
  /** Below the path of the endpoint. */
  path: string;
  query: string;
  headers: Record<string, string>;
  body?: string;
}

const FOREIGN_KEY = 'ffffffff-0000-4000-8000-ffffffffffff';
const HARD_TEXT = 'a+b/c=d&e f %41 云商店';
/** Literally so in the documented examples. */
const JSON_TYPE = 'application/json;charset=utf8';

export function signCall(unsigned: Unsigned, terms: Terms, variation: Variation = {}): WireCall {
  const activity = variation.activity ?? unsigned.activity;
  const fields = vary({ ...unsigned.fields }, variation);
  const keys = { ...terms.keys, ...(unsigned.entrance === 'KIT' && { current: terms.keys.kit ?? '' }) };
  const signing: Signing = {
    ...{ activity, variation, isTest: terms.isTest },
    key: keyOf(keys, variation),
    at: new Date(terms.nowMs + (variation.offsetMs ?? 0)),
    nonce: variation.nonce ?? randomBytes(32).toString('hex').toUpperCase(),
  };
  if (unsigned.entrance === 'GET') return signQuery(fields, signing);
  if (unsigned.entrance === 'POST') return signBody(fields, signing);
  return isV1(terms.generation) ? signKitV1(fields, signing) : signKitV2(fields, signing);
}

interface Signing {
  activity: string;
  variation: Variation;
  isTest: boolean;
  key: string;
  at: Date;
  nonce: string;
}

function signQuery(fields: Fields, { activity, variation, isTest, key, at }: Signing): WireCall {
  const texts = Object.entries({ activity, ...fields, ...flagOf(isTest, variation) });
  const params = Object.fromEntries(texts.map(([name, value]) => [name, String(value)]));
  const timed = { ...params, timeStamp: formatUtc17(at) };
  const { token, signed } = variation.losesPlus
    ? withPlus(timed, key)
    : { token: authToken(key, timed), signed: timed };
  const sent = variation.signature === 'tampered' ? { ...signed, added: 'later' } : signed;
  const written = variation.losesPlus ? token : encodeURIComponent(token);
  const end = variation.signature === 'missing' ? '' : `&authToken=${written}`;
  const query = `${encodeQuery(sent, variation)}${end}${twice(variation)}`;
  return { activity, method: 'GET', path: '', query, headers: {} };
}

/** Every second token has no `+` that could be lost; some parameter makes one that has. */
function withPlus(params: Record<string, string>, key: string) {
  for (let tried = 0; ; tried += 1) {
    const signed = { ...params, probeTry: String(tried) };
    const token = authToken(key, signed);
    if (token.includes('+')) return { token, signed };
  }
}

function signBody(fields: Fields, signing: Signing): WireCall {
  const { activity, isTest, variation } = signing;
  const body = bodyOf({ activity, ...fields, ...flagOf(isTest, variation) }, variation);
  const { signature, timestamp } = signatureOf(v2Signature, body.signed, signing);
  const params = new URLSearchParams({ ...signature, timestamp, nonce: signing.nonce });
  const query = `${params}${twice(variation)}`;
  const headers = { 'Content-Type': JSON_TYPE };
  return { activity, method: 'POST', path: '', query, headers, body: body.sent };
}

function signKitV2(fields: Fields, signing: Signing): WireCall {
  const { activity, isTest, at, variation, nonce } = signing;
  const body = bodyOf({ ...fields, testFlag: isTest ? 1 : 0, timeStamp: formatChina17(at) }, variation);
  const { signature, timestamp } = signatureOf(kitSignature, body.signed, signing);
  const headers = {
    'Content-Type': JSON_TYPE,
    ...(signature.signature !== undefined && { 'x-sign': signature.signature }),
    ...{ 'x-timestamp': timestamp, 'x-nonce': nonce },
  };
  const path = `/produceAPI/v2/${activity}`;
  return { activity, method: 'POST', path, query: '', headers, body: body.sent };
}

function signKitV1(fields: Fields, { activity, variation, isTest, key, at }: Signing): WireCall {
  const object = { ...fields, testFlag: isTest ? 1 : 0, timeStamp: formatChina17(at) };
  const { sent } = bodyOf(object, variation);
  const headers = {
    'Content-Type': JSON_TYPE,
    ...(variation.signature !== 'missing' && { authToken: kitAuthToken(key, object) }),
  };
  return { activity, method: 'POST', path: `/produceAPI/${activity}`, query: '', headers, body: sent };
}

/** @returns what is signed, and what is sent */
function bodyOf(object: Fields, variation: Variation): { signed: string; sent: string } {
  if (variation.body !== undefined) return { signed: variation.body, sent: variation.body };
  const { twiceInBody: name } = variation;
  const signed = name === undefined ? sortedPayload(object) : doubled(sortedPayload(object), name);
  if (variation.signature === 'tampered')
    return { signed, sent: sortedPayload({ ...object, added: 'later' }) };
  if (!variation.isUnsorted && !variation.hasNull) return { signed, sent: signed };
  const names = Object.keys(object).sort().reverse();
  const unsorted = Object.fromEntries(names.map((name) => [name, object[name]]));
  return { signed, sent: JSON.stringify({ ...unsorted, ...(variation.hasNull && { remark: null }) }) };
}

function signatureOf(sign: typeof v2Signature, payload: string, { key, at, nonce, variation }: Signing) {
  const ms = at.getTime();
  const timestamp = String(variation.unit === 's' ? Math.floor(ms / 1000) : ms);
  const hex = sign(key, { nonce, timestamp, payload });
  const signature = variation.hex === 'lower' ? hex : hex.toUpperCase();
  const sent: { signature?: string } = variation.signature === 'missing' ? {} : { signature };
  return { signature: sent, timestamp };
}

function encodeQuery(params: Record<string, string>, { space }: Variation): string {
  const asForms = new URLSearchParams(params).toString();
  return space === 'percent' ? asForms.replaceAll('+', '%20') : asForms;
}

function vary(fields: Record<string, unknown>, variation: Variation): Fields {
  if (variation.hasExtra) fields.probeExtra = 'unknown';
  if (variation.hasHardText) fields.probeText = HARD_TEXT;
  Object.assign(fields, variation.fields);
  for (const name of variation.without ?? []) delete fields[name];
  return fields;
}

const flagOf = (isTest: boolean, { testFlag }: Variation): Fields =>
  isTest ? { testFlag: '1' } : { ...(testFlag && { testFlag }) };

const twice = ({ twiceInQuery: name }: Variation): string => (name === undefined ? '' : `&${name}=other`);

/** @param json of an object that is not empty */
const doubled = (json: string, name: string): string => json.replace('{', `{"${name}":"other",`);

function keyOf(keys: ProbeKeys, { key }: Variation): string {
  if (key === 'foreign') return FOREIGN_KEY;
  return key === 'previous' ? (keys.previous ?? '') : keys.current;
}
