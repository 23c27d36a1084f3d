/** Whether the marketplace has made a call, and what is in it: by the generation, the method and the path. Pure. */
import { createHash } from 'node:crypto';
import type { OpenChannel } from '../channels.ts';
import type { Entrance } from '../protocol/activities.ts';
import { verifyKitToken, verifyQuery } from '../protocol/auth-token.ts';
import { type BodyVerification, verifyKit, verifyV2 } from '../protocol/body-signature.ts';
import { type JsonObject, readJsonObject } from '../protocol/json.ts';
import { kitActivityOf } from '../protocol/kit-messages.ts';
import { readQuery } from '../protocol/query.ts';
import { parseCompactUtc } from '../protocol/time.ts';
import type { KeyAge, Refusal, SellerKeys } from '../protocol/verification.ts';
import type { Received } from './received.ts';

/** V1.0 documents no window, so a time that is off by more than this is only noted, in milliseconds. */
const OFF_MS = 15 * 60_000;

/** Why a call is not believed: for the audit. */
type Disbelief = Refusal | 'no-kit-key' | 'not-by-generic-key' | 'no-such-interface';

export interface Verified {
  isValid: true;
  entrance: Entrance;
  /** Of a kit call, which is named by its path. */
  activity: string | undefined;
  params: JsonObject;
  /** Names that came more than once. */
  duplicates: string[];
  key: KeyAge | 'kit' | 'generic';
  /** The key that matched: the answer is signed with it too. */
  keyText: string;
  /** Which reading of the request matched. */
  variant: string;
  /** V1.0 has none. */
  nonce: string | undefined;
  /** Of the whole payload: the same nonce with another one is a replay. */
  digest: string;
  /** How far its time is off, in milliseconds, where that is only worth a note. */
  offMs: number | undefined;
}

export type Verification = Verified | { isValid: false; reason: Disbelief };

const refuse = (reason: Disbelief): Verification => ({ isValid: false, reason });

export function verifyCall(channel: OpenChannel, call: Received, nowMs: number): Verification {
  if (call.path !== '' && call.path !== '/') return verifyKitCall(channel, call, nowMs);
  const isV1 = channel.generation === 'saas-v1' || channel.generation === 'license-v1';
  if (call.method === 'GET' && isV1) return verifyGet(channel, call, nowMs);
  if (call.method === 'POST') return verifyPost(channel, call, nowMs);
  return refuse('no-such-interface');
}

function verifyGet({ keys }: OpenChannel, { query }: Received, nowMs: number): Verification {
  const verified = verifyQuery(query, keys);
  if (!verified.valid) return refuse(verified.reason);
  const { params, key, variant } = verified;
  const off = nowMs - (parseCompactUtc(params.timeStamp ?? '')?.getTime() ?? 0);
  return {
    ...{ isValid: true, entrance: 'GET', activity: undefined, nonce: undefined, digest: '' },
    ...{ params, key, variant, keyText: textOf(keys, key) },
    duplicates: readQuery(query).duplicates,
    offMs: Math.abs(off) > OFF_MS ? off : undefined,
  };
}

function verifyPost({ keys }: OpenChannel, call: Received, nowMs: number): Verification {
  const { params, duplicates } = readQuery(call.query);
  const { signature, timestamp, nonce } = params;
  const signed = { signature, timestamp, nonce, body: call.body };
  const verified = verifyV2(signed, { keys, nowMs });
  const isByOther = !verified.valid && verified.reason === 'mismatch';
  if (!isByOther || keys.generic === undefined)
    return bodyOf(call, { verified, keys, entrance: 'POST', duplicates });
  const generic = { current: keys.generic };
  const read = bodyOf(call, {
    ...{ verified: verifyV2(signed, { keys: generic, nowMs }), keys: generic },
    ...{ entrance: 'POST', duplicates },
  });
  return onlyNews(read);
}

/** The generic interfaces have a key of their own, and none before it. It says nothing about any other interface. */
function onlyNews(read: Verification): Verification {
  if (!read.isValid) return read;
  return read.params.activity === 'orderNotify' ? { ...read, key: 'generic' } : refuse('not-by-generic-key');
}

/** Joint operation has a key of its own, and none before it. */
function verifyKitCall({ keys: { kit } }: OpenChannel, call: Received, nowMs: number): Verification {
  const interfaceOf = kitActivityOf(call.path);
  if (interfaceOf === undefined || call.method !== 'POST') return refuse('no-such-interface');
  if (kit === undefined) return refuse('no-kit-key');
  const { activity, version } = interfaceOf;
  const keys = { current: kit };
  const verified = version === 2 ? verifyKitV2(call, keys, nowMs) : verifyKitV1(call, keys);
  const read = bodyOf(call, { verified, keys, entrance: 'KIT', duplicates: [] });
  return read.isValid ? { ...read, activity, key: 'kit' } : read;
}

function verifyKitV2(call: Received, keys: SellerKeys, nowMs: number): BodyVerification {
  const signature = call.header('x-sign');
  const [timestamp, nonce] = [call.header('x-timestamp'), call.header('x-nonce')];
  return verifyKit({ signature, timestamp, nonce, body: call.body }, { keys, nowMs });
}

/** It signs the fields, so the body has to be read first. */
function verifyKitV1(call: Received, keys: SellerKeys) {
  const read = readJsonObject(call.body);
  if (!read.ok) return { valid: false, reason: 'malformed' } as const;
  return verifyKitToken({ token: call.header('authtoken'), body: read.value }, keys);
}

interface Signed {
  verified: BodyVerification | ReturnType<typeof verifyKitV1>;
  keys: SellerKeys;
  entrance: Entrance;
  /** Of the query; the body has its own. */
  duplicates: string[];
}

function bodyOf({ body }: Received, { verified, keys, entrance, duplicates }: Signed): Verification {
  if (!verified.valid) return refuse(verified.reason);
  const read = readJsonObject(body);
  // Its signature is right: the marketplace has sent what nobody can read.
  const params = read.ok ? read.value : {};
  const { key, variant } = verified;
  return {
    ...{ isValid: true, entrance, activity: undefined, params, offMs: undefined },
    ...{ key, variant, keyText: textOf(keys, key) },
    duplicates: [...duplicates, ...(read.ok ? read.duplicates : [])],
    nonce: 'nonce' in verified ? verified.nonce : undefined,
    digest: createHash('sha256').update(body).digest('hex'),
  };
}

function textOf(keys: SellerKeys, age: KeyAge): string {
  return (age === 'previous' ? keys.previous : undefined) ?? keys.current;
}
