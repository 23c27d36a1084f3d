/**
 * How a seller checks and signs, written from koogallery.md with nothing but Node's own crypto: what the simulated
 * marketplace sends is measured by something that shares no line with it.
 */
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import type { Fault } from './reference-faults.ts';

const hmac = (key: string, data: string | Buffer) => createHmac('sha256', key).update(data);
const sha1 = (data: Buffer) => createHash('sha1').update(data).digest();

export const bodySign = (key: string, body: Buffer): string =>
  `sign_type="HMAC-SHA256", signature= "${hmac(key, body).digest('base64')}"`;

/** AES-128, whose key is in the first block of SHA1PRNG: SHA1(SHA1(seed)). */
export function encryptAs2(key: string, text: string): string {
  const iv = randomBytes(8).toString('hex');
  const aesKey = sha1(sha1(Buffer.from(key))).subarray(0, 16);
  const cipher = createCipheriv('aes-128-cbc', aesKey, Buffer.from(iv));
  return iv + cipher.update(text, 'utf8', 'base64') + cipher.final('base64');
}

export interface Received {
  method: string;
  /** Path and query, as they came. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface Verifier {
  /** Tried in turn. */
  keys: readonly string[];
  kitKey: string;
  faults: ReadonlySet<Fault>;
  nonces: Map<string, string>;
}

/** Whether a name comes twice in the query, or in an object of the body. */
export function saysTwice({ url, body }: Received, faults: ReadonlySet<Fault>): boolean {
  const names = [...new URLSearchParams(url.split('?')[1])].map(([name]) => name);
  if (new Set(names).size < names.length && !faults.has('firstInQuery')) return true;
  if (body.length === 0 || faults.has('lastInBody')) return false;
  const namesIn = (text: string) => text.match(/"(?:[^"\\]|\\.)*"\s*:/g)?.length ?? 0;
  return namesIn(body.toString()) > namesIn(JSON.stringify(JSON.parse(body.toString())));
}

type Params = Record<string, unknown>;

/** @returns what was signed; undefined if the signature is not right */
export function verified(request: Received, verifier: Verifier): Params | undefined {
  const path = request.url.split('?')[0] ?? '';
  if (request.method === 'GET') return verifiedQuery(request, verifier);
  if (path.includes('/produceAPI/v2/')) return verifiedBody(request, verifier, true);
  if (path.includes('/produceAPI/')) return verifiedForm(request, verifier);
  return verifiedBody(request, verifier, false);
}

function verifiedQuery({ url }: Received, { keys, faults }: Verifier): Params | undefined {
  const query = url.slice(url.indexOf('?') + 1);
  const text = faults.has('keepsPlus') ? query.replaceAll('+', '%2B') : query;
  const pairs = [...new URLSearchParams(text)];
  const first = faults.has('firstInQuery') ? pairs.toReversed() : pairs;
  const { authToken = '', ...params } = Object.fromEntries(first);
  if (faults.has('trustsAll')) return params;
  const token = faults.has('losesPlus') ? authToken : authToken.replaceAll(' ', '+');
  return keys.some((key) => tokenOf(key, params) === token) ? params : undefined;
}

function verifiedForm({ headers, body }: Received, { kitKey, faults }: Verifier): Params | undefined {
  const params = JSON.parse(body.toString()) as Params;
  const filled = Object.entries(params).filter(([, value]) => value !== null && value !== '');
  const texts = filled.map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  const isRight = tokenOf(kitKey, Object.fromEntries(texts)) === headers.authtoken;
  return isRight || faults.has('trustsAll') ? params : undefined;
}

function tokenOf(key: string, params: Record<string, string>): string {
  const names = Object.keys(params).sort();
  const text = names.map((name) => `${name}=${params[name]}`).join('&');
  return hmac(key + params.timeStamp, text).digest('base64');
}

function verifiedBody(request: Received, verifier: Verifier, isKit: boolean): Params | undefined {
  const { headers, body, url } = request;
  const { faults, nonces } = verifier;
  const query = new URLSearchParams(url.split('?')[1]);
  const taken = (name: string) => String((isKit ? headers[`x-${name}`] : query.get(name)) ?? '');
  const [timestamp, nonce] = [taken('timestamp'), taken('nonce')];
  const given = taken(isKit ? 'sign' : 'signature');
  const params = JSON.parse(body.toString()) as Params;
  if (faults.has('trustsAll')) return params;
  const lateMs =
    Date.now() - (timestamp.length <= 10 && !faults.has('onlyMs') ? 1000 : 1) * Number(timestamp);
  const isOutside = faults.has('pastOnly') ? lateMs > 60_000 : Math.abs(lateMs) > 60_000;
  if (isOutside && !faults.has('noWindow')) return undefined;
  const payloads = [body.toString(), ...(faults.has('rawOnly') ? [] : [sorted(params, faults)])];
  const isRight = (isKit ? [verifier.kitKey] : verifier.keys).some((key) =>
    payloads.some((payload) => {
      const inner = isKit ? payload : hmac(key, payload).digest('hex');
      const hex = hmac(key, key + nonce + timestamp + inner).digest('hex');
      return faults.has('onlyUpper') ? hex.toUpperCase() === given : hex === given.toLowerCase();
    }),
  );
  if (!isRight) return undefined;
  const before = nonces.get(nonce);
  nonces.set(nonce, body.toString());
  return before === undefined || before === body.toString() || faults.has('noNonces') ? params : undefined;
}

function sorted(params: Params, faults: ReadonlySet<Fault>): string {
  const names = Object.keys(params)
    .filter((name) => params[name] !== null || faults.has('signsNulls'))
    .sort();
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, params[name]])));
}
