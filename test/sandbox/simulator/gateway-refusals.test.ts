/** What Chat App's gateway refuses, shown by SDKs that are told to send something wrong, and signed correctly. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GATEWAY_REFUSALS } from '../../../src/sandbox/simulator/gateway-refusals.ts';
import { startSimulator } from '../../../src/sandbox/simulator/simulator.ts';
import { DEFAULT_SIMULATED_ACCOUNT } from '../../../src/sandbox/simulator/state.ts';
import { FOREIGN_CLIENTS, type ForeignCall } from '../../support/foreign-clients.ts';

const STS = { accessKeyId: 'STS.caller', accessKeySecret: 'of a role', securityToken: 'token-of-the-role' };
const AUTHORIZE = { action: 'GetChatappUploadAuthorization', parameters: { CustSpaceId: 'C1' } };

async function startPeer() {
  const simulator = await startSimulator({ accounts: [DEFAULT_SIMULATED_ACCOUNT, STS], rate: 1000 });
  onTestFinished(simulator.stop);
  return simulator;
}

const minutesAgo = (minutes: number) =>
  new Date(Date.now() - minutes * 60_000).toISOString().replace(/\.\d+Z$/, 'Z');

const ACS3 = ['openapi-client (ACS3)', 'openapi-core (ACS3)'] as const;
const RPC = ['pop-core (RPC v1, GET)', 'pop-core (RPC v1, POST)'] as const;

/** The same mistake as a header of ACS3 and as a parameter of the older signature. */
interface Mistake {
  headers?: Record<string, string>;
  parameters?: Record<string, string>;
  call?: Partial<ForeignCall>;
  status: number;
  code: string;
}

const dated = (date: string) => ({ headers: { 'x-acs-date': date }, parameters: { Timestamp: date } });

const MISTAKES: Record<string, Mistake> = {
  'a date in another form': {
    ...dated('Thu, 26 Nov 2026 08:00:00 GMT'),
    status: 400,
    code: 'InvalidTimeStamp.Format',
  },
  'a date with milliseconds': {
    ...dated(new Date().toISOString()),
    status: 400,
    code: 'InvalidTimeStamp.Format',
  },
  'a day that no month has': {
    ...dated('2026-02-30T08:00:00Z'),
    status: 400,
    code: 'InvalidTimeStamp.Format',
  },
  'no date': { ...dated(''), status: 400, code: 'MissingTimestamp' },
  'a date 16 minutes ago': { ...dated(minutesAgo(16)), status: 400, code: 'InvalidTimeStamp.Expired' },
  'a date 16 minutes ahead': { ...dated(minutesAgo(-16)), status: 400, code: 'InvalidTimeStamp.Expired' },
  'another version': { call: { version: '2019-01-01' }, status: 400, code: 'InvalidVersion' },
  'no version': {
    headers: { 'x-acs-version': '' },
    parameters: { Version: '' },
    status: 400,
    code: 'MissingVersion',
  },
  'an unknown action': { call: { action: 'GetChatappUpload' }, status: 404, code: 'InvalidAction.NotFound' },
  'the name of a method of objects as action': {
    call: { action: 'constructor' },
    status: 404,
    code: 'InvalidAction.NotFound',
  },
  'another path': { call: { path: '/v2' }, status: 404, code: 'InvalidAction.NotFound' },
  'no nonce': {
    headers: { 'x-acs-signature-nonce': '' },
    parameters: { SignatureNonce: '' },
    status: 400,
    code: 'MissingSignatureNonce',
  },
  'a token that nobody gave': {
    headers: { 'x-acs-security-token': 'made-up' },
    parameters: { SecurityToken: 'made-up' },
    status: 400,
    code: 'InvalidSecurityToken.Malformed',
  },
  'the token of another key': {
    headers: { 'x-acs-security-token': STS.securityToken },
    parameters: { SecurityToken: STS.securityToken },
    status: 400,
    code: 'InvalidSecurityToken.MismatchWithAccessKey',
  },
  'no customer': { call: { parameters: {} }, status: 400, code: 'MissingCustSpaceId' },
};

describe.each(Object.entries(MISTAKES))(
  '%s',
  (_what, { headers = {}, parameters = {}, call, status, code }) => {
    it.each(ACS3)('%s', async (name) => {
      const { endpoint } = await startPeer();
      const send = FOREIGN_CLIENTS[name];
      expect(await send(endpoint, AUTHORIZE)).toMatchObject({ code: 'OK' });
      expect(await send(endpoint, { ...AUTHORIZE, headers, ...call })).toMatchObject({ code, status });
    });

    it.each(RPC)('%s', async (name) => {
      const { endpoint } = await startPeer();
      const send = FOREIGN_CLIENTS[name];
      expect(await send(endpoint, AUTHORIZE)).toMatchObject({ code: 'OK' });
      const wrong = { ...AUTHORIZE, ...call };
      const sent = { ...wrong, parameters: { ...wrong.parameters, ...parameters } };
      // pop-core tells nothing of the status.
      expect(await send(endpoint, sent)).toMatchObject({ code });
    });
  },
);

describe.each([...ACS3, ...RPC])('%s', (name) => {
  const send = FOREIGN_CLIENTS[name];

  it('is refused with a key that nobody has, and with a wrong secret', async () => {
    const { endpoint, state } = await startPeer();
    const stranger = { accessKeyId: 'LTAIstranger', accessKeySecret: 'x' };
    expect(await send(endpoint, AUTHORIZE, stranger)).toMatchObject({ code: 'InvalidAccessKeyId.NotFound' });
    const mistyped = { ...DEFAULT_SIMULATED_ACCOUNT, accessKeySecret: 'x' };
    expect(await send(endpoint, AUTHORIZE, mistyped)).toMatchObject({ code: 'SignatureDoesNotMatch' });
    expect(state.record.badSignatures).toBe(2);
  });

  it('is refused with the key of a role without its token', async () => {
    const { endpoint } = await startPeer();
    const { securityToken: _token, ...bare } = STS;
    expect(await send(endpoint, AUTHORIZE, bare)).toMatchObject({ code: 'MissingSecurityToken' });
  });

  it('is refused with a nonce that was used, which a refused call does not use up', async () => {
    const { endpoint, state } = await startPeer();
    const nonce = { SignatureNonce: 'n-1' };
    const call = {
      ...AUTHORIZE,
      headers: { 'x-acs-signature-nonce': 'n-1' },
      parameters: name.startsWith('pop') ? { ...AUTHORIZE.parameters, ...nonce } : AUTHORIZE.parameters,
    };
    const mistyped = { ...DEFAULT_SIMULATED_ACCOUNT, accessKeySecret: 'x' };
    const codes = [];
    for (const account of [mistyped, undefined, undefined])
      codes.push((await send(endpoint, call, account)).code);
    expect(codes).toEqual(['SignatureDoesNotMatch', 'OK', 'SignatureNonceUsed']);
    expect(state.record.arrivals.map(({ answer }) => answer)).toEqual(codes);
  });
});

it.each([
  ['a query', 'POST', '/?CustSpaceId=%ZZ', undefined],
  ['bytes that are no UTF-8', 'GET', '/?CustSpaceId=%FF', undefined],
  ['a form', 'POST', '/', 'CustSpaceId=%ZZ'],
])('answers %s that cannot be decoded', async (_where, method, path, body) => {
  const { endpoint } = await startPeer();
  const headers = {
    'x-acs-action': AUTHORIZE.action,
    'x-acs-version': '2020-06-06',
    ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
  };
  const response = await fetch(`${endpoint}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ Code: 'InvalidParameter' });
});

it('answers whoever does not sign at all, or in a way that is none', async () => {
  const { endpoint } = await startPeer();
  const codeOf = async (headers: Record<string, string>, query = '') => {
    const wanted = { 'x-acs-action': AUTHORIZE.action, 'x-acs-version': '2020-06-06' };
    const response = await fetch(`${endpoint}/${query}`, {
      method: 'POST',
      headers: { ...wanted, ...headers },
    });
    return [response.status, ((await response.json()) as { Code: string }).Code];
  };
  expect(await codeOf({})).toEqual([400, 'MissingAuthorization']);
  expect(await codeOf({ authorization: 'Bearer x' })).toEqual([400, 'IncompleteSignature']);
  expect(await codeOf({}, `?Action=${AUTHORIZE.action}&AccessKeyId=LTAIsimulator`)).toEqual([
    400,
    'MissingSignature',
  ]);
});

it('is told of in the document, code by code', () => {
  const page = readFileSync('docs/simulator.md', 'utf8');
  const known = Object.values(MISTAKES).map(({ code }) => code);
  for (const code of [
    ...Object.keys(GATEWAY_REFUSALS),
    ...known.filter((each) => each !== 'MissingCustSpaceId'),
  ])
    expect(page).toContain(`\`${code}\``);
});

it('tells which string it has signed, as clients compare it with theirs, and no token that is a header', async () => {
  const { endpoint } = await startPeer();
  const mistyped = { ...STS, accessKeySecret: 'x' };
  const { message } = await FOREIGN_CLIENTS['pop-core (RPC v1, GET)'](endpoint, AUTHORIZE, mistyped);
  expect(message).toMatch(
    /^Specified signature is not matched with our calculation\. server string to sign is:GET&%2F&/,
  );
  const acs3 = await FOREIGN_CLIENTS['openapi-client (ACS3)'](endpoint, AUTHORIZE, mistyped);
  expect(acs3.message).toContain('CustSpaceId=C1');
  expect(acs3.message).toContain('x-acs-security-token:***');
  expect(acs3.message).not.toContain(STS.securityToken);
});
