/** Whose signature a call to simulated Chat App carries, of ACS3 or the older kind, and what is wrong with it. */
import { createHash } from 'node:crypto';
import { canonicalRequest, headersToSign, parseAcs3Authorization, signAcs3 } from './acs3-signature.ts';
import { type ChatAppRequest, isSignedInParameters } from './chatapp-request.ts';
import { GatewayRefusal, missing, refused } from './gateway-refusals.ts';
import { rpcStringToSign, signRpc } from './rpc-signature.ts';
import type { SimulatedAccount, SimulatorState } from './state.ts';

const API_VERSION = '2020-06-06';
const SKEW_MS_MAX = 15 * 60_000;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** What a caller says of itself, whichever way it signs. Texts may be empty. */
interface Claim {
  accessKeyId: string;
  securityToken: string;
  version: string;
  timestamp: string;
  nonce: string;
  isSignedWith(secret: string): boolean;
  /** What the server has signed, for the message of a refusal. */
  signedText(): string;
}

/** Throws a `GatewayRefusal` if the signature, its date, its nonce or the version is not as it has to be. */
export function authenticate(state: SimulatorState, request: ChatAppRequest): SimulatedAccount {
  try {
    return verify(state, isSignedInParameters(request) ? claimOfRpc(request) : claimOfAcs3(request));
  } catch (error) {
    const isAboutTime = error instanceof GatewayRefusal && error.message.startsWith('InvalidTimeStamp');
    if (!isAboutTime) state.record.badSignatures++;
    throw error;
  }
}

function verify(state: SimulatorState, claim: Claim): SimulatedAccount {
  if (claim.version === '') throw missing('Version');
  if (claim.version !== API_VERSION) throw refused('InvalidVersion');
  if (claim.timestamp === '') throw missing('Timestamp');
  if (claim.nonce === '') throw missing('SignatureNonce');
  const account = state.accounts.get(claim.accessKeyId);
  if (account === undefined) throw refused('InvalidAccessKeyId.NotFound');
  verifyToken(state, account, claim.securityToken);
  if (!claim.isSignedWith(account.accessKeySecret))
    // The real gateway, too, repeats what it received, the customer's data included.
    throw refused('SignatureDoesNotMatch', claim.signedText());
  verifyTime(state, claim.timestamp);
  if (!state.useNonce(claim.nonce)) throw refused('SignatureNonceUsed');
  return account;
}

function verifyToken(state: SimulatorState, account: SimulatedAccount, token: string): void {
  const wanted = account.securityToken ?? '';
  if (token === wanted) return;
  if (token === '') throw missing('SecurityToken');
  const holders = [...state.accounts.values(), ...state.grants.values()];
  const isOfAnother = holders.some(({ securityToken }) => securityToken === token);
  throw refused(
    isOfAnother ? 'InvalidSecurityToken.MismatchWithAccessKey' : 'InvalidSecurityToken.Malformed',
  );
}

function verifyTime(state: SimulatorState, timestamp: string): void {
  const at = TIMESTAMP.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  // A day that its month does not have becomes one of the next month.
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(timestamp.slice(0, -1)))
    throw refused('InvalidTimeStamp.Format');
  if (Math.abs(state.now() - at) > SKEW_MS_MAX) throw refused('InvalidTimeStamp.Expired');
}

function claimOfAcs3(request: ChatAppRequest): Claim {
  const { headers, body } = request;
  if (headers.authorization === undefined) throw refused('MissingAuthorization');
  const authorization = parseAcs3Authorization(headers.authorization);
  if (authorization === undefined) throw refused('IncompleteSignature');
  const { accessKeyId, signedHeaders, signature } = authorization;
  const isWhole =
    headers['x-acs-content-sha256'] === createHash('sha256').update(body).digest('hex') &&
    headersToSign(headers).every((name) => signedHeaders.includes(name));
  const shown = { ...headers, ...(headers['x-acs-security-token'] && { 'x-acs-security-token': '***' }) };
  return {
    accessKeyId,
    securityToken: headers['x-acs-security-token'] ?? '',
    version: headers['x-acs-version'] ?? '',
    timestamp: headers['x-acs-date'] ?? '',
    nonce: headers['x-acs-signature-nonce'] ?? '',
    isSignedWith: (secret) => isWhole && signature === signAcs3(request, signedHeaders, secret),
    signedText: () => canonicalRequest({ ...request, headers: shown }, signedHeaders),
  };
}

function claimOfRpc({ method, encoded, parameters = {} }: ChatAppRequest): Claim {
  const required = ['Signature', 'AccessKeyId', 'SignatureMethod', 'SignatureVersion'];
  const absent = required.find((name) => !parameters[name]);
  if (absent !== undefined) throw missing(absent);
  if (parameters.SignatureMethod !== 'HMAC-SHA1' || parameters.SignatureVersion !== '1.0')
    throw refused('InvalidSignatureMethod');
  return {
    accessKeyId: parameters.AccessKeyId ?? '',
    securityToken: parameters.SecurityToken ?? '',
    version: parameters.Version ?? '',
    timestamp: parameters.Timestamp ?? '',
    nonce: parameters.SignatureNonce ?? '',
    isSignedWith: (secret) => parameters.Signature === signRpc(method, encoded, secret),
    signedText: () => rpcStringToSign(method, encoded),
  };
}
