/** Simulated Chat App: verifies signatures, counts calls exactly, answers and misbehaves like the gateway. */
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { headersToSign, parseAcs3Authorization, signAcs3 } from './acs3-signature.ts';
import type { FaultRule } from './faults.ts';
import { parseQuery } from './percent.ts';
import type { Arrival } from './record.ts';
import { SIMULATED_BUCKET, type SimulatedAccount, type SimulatorState } from './state.ts';

const OPERATIONS = { GetChatappUploadAuthorization: 'authorize', SubmitIsvCustomerTerms: 'submit' } as const;
const REQUIRED = {
  authorize: ['CustSpaceId'],
  submit: [
    'CustSpaceId',
    'CustName',
    'OfficeAddress',
    'ContactMail',
    'CountryId',
    'BusinessDesc',
    'IsvTerms',
  ],
} as const;
const SKEW_MS_MAX = 15 * 60_000;

type Operation = 'authorize' | 'submit';
type Body = Record<string, unknown>;
interface Answer {
  status: number;
  body: Body;
  headers?: Record<string, string>;
}

interface Call {
  state: SimulatorState;
  operation: Operation;
  account: SimulatedAccount;
  parameters: Record<string, string>;
  arrival: Arrival;
}

export async function handleChatApp(
  state: SimulatorState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (state.options.jitterMs > 0) await sleep(Math.random() * state.options.jitterMs);
  const at = performance.now();
  const { headers, path, query } = describe(request);
  const action = headers['x-acs-action'] as keyof typeof OPERATIONS;
  const operation = OPERATIONS[action];
  if (operation === undefined)
    return send(
      response,
      refusal(404, 'InvalidAction.NotFound', 'Specified api is not found, please check your url and method.'),
    );

  const parameters = Object.fromEntries(parseQuery(query));
  const accessKeyId = parseAcs3Authorization(headers.authorization)?.accessKeyId ?? '';
  const arrival = state.record.arrive({ operation, at, accessKeyId, subject: parameters.CustSpaceId ?? '' });
  const verified = verify(state, { method: request.method ?? '', path, query, headers }, body);
  if ('refusal' in verified) {
    arrival.answer = String(verified.refusal.body.Code);
    return send(response, verified.refusal);
  }
  const call = { state, operation, account: verified.account, parameters, arrival };
  if (state.options.latencyMs > 0) await sleep(state.options.latencyMs);
  return answerCall(call, response);
}

async function answerCall(call: Call, response: ServerResponse): Promise<void> {
  const { state, operation, account, arrival } = call;
  const waitMs = state.admit(account, operation, arrival.at);
  if (waitMs > 0) {
    arrival.answer = 'Throttling.User';
    const limited = refusal(400, 'Throttling.User', 'Request was denied due to user flow control.');
    return send(response, { ...limited, headers: { 'x-acs-retry-after': String(Math.ceil(waitMs)) } });
  }
  const ordinal = state.nextOrdinal(operation);
  const fault = state.faults.next({
    operation,
    ordinal,
    subject: arrival.subject,
    accessKeyId: account.accessKeyId,
  });
  if (fault) return misbehave(call, fault, response);
  send(response, perform(call));
}

function describe(request: IncomingMessage) {
  const [path = '/', query = ''] = (request.url ?? '/').split('?');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  return { headers, path, query };
}

function verify(
  state: SimulatorState,
  request: Parameters<typeof signAcs3>[0],
  body: Buffer,
): { account: SimulatedAccount } | { refusal: Answer } {
  const { headers } = request;
  const authorization = parseAcs3Authorization(headers.authorization);
  if (authorization === undefined)
    return bad(state, 400, 'MissingAuthorization', 'The Authorization header is missing or malformed.');
  const account = state.accounts.get(authorization.accessKeyId);
  if (account === undefined)
    return bad(state, 404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
  if (account.securityToken !== undefined && headers['x-acs-security-token'] !== account.securityToken)
    return bad(
      state,
      403,
      'InvalidSecurityToken.MismatchWithAccessKey',
      'The token does not belong to the key.',
    );
  const wanted = headersToSign(headers);
  const isBodyHashed = headers['x-acs-content-sha256'] === createHash('sha256').update(body).digest('hex');
  const signature = signAcs3(request, authorization.signedHeaders, account.accessKeySecret);
  if (
    !isBodyHashed ||
    wanted.some((name) => !authorization.signedHeaders.includes(name)) ||
    signature !== authorization.signature
  )
    // The real gateway repeats what it received, the customer's data included.
    return bad(state, 400, 'SignatureDoesNotMatch', `server string to sign is: ${request.query}`);
  const skew = Math.abs(state.now() - Date.parse(headers['x-acs-date'] ?? ''));
  if (!(skew <= SKEW_MS_MAX))
    return {
      refusal: refusal(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.'),
    };
  if (!state.useNonce(headers['x-acs-signature-nonce'] ?? ''))
    return bad(state, 400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
  return { account };
}

function bad(state: SimulatorState, status: number, code: string, message: string): { refusal: Answer } {
  state.record.badSignatures++;
  return { refusal: refusal(status, code, message) };
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { RequestId: requestId(), HostId: 'cams.simulator', Code: code, Message: message } };
}

const requestId = () => randomUUID().toUpperCase();

/** Carries the call out. */
function perform(call: Call): Answer {
  const missing = REQUIRED[call.operation].find((name) => !call.parameters[name]);
  const answer = missing
    ? refusal(400, `Missing${missing}`, `${missing} is mandatory for this action.`)
    : call.operation === 'authorize'
      ? authorize(call)
      : submit(call);
  call.arrival.answer = String(answer.body.Code);
  call.arrival.isDone = answer.body.Code === 'OK';
  return answer;
}

function authorize({ state, parameters }: Call): Answer {
  const { expireSeconds } = state.options;
  const grant = state.grantUpload(parameters.CustSpaceId ?? '', expireSeconds);
  const data = {
    AccessKeyId: grant.accessKeyId,
    AccessKeySecret: grant.accessKeySecret,
    SecurityToken: grant.securityToken,
    BucketName: SIMULATED_BUCKET,
    Dir: grant.directory,
    EndPoint: `http://127.0.0.1:${state.ossPort}`,
    Expire: expireSeconds,
  };
  return {
    status: 200,
    body: { RequestId: requestId(), Code: 'OK', Message: 'None', AccessDeniedDetail: 'None', Data: data },
  };
}

function submit({ state, parameters }: Call): Answer {
  const { CustSpaceId = '', IsvTerms = '', ...fields } = parameters;
  const key = objectKeyOf(state, CustSpaceId, IsvTerms);
  if (key === undefined || !state.objects.has(key))
    return refusal(400, 'InvalidParameter.FileUrlError', 'the file can not download');
  state.record.accepted.push({ custSpaceId: CustSpaceId, isvTerms: IsvTerms, fields });
  return {
    status: 200,
    body: { RequestId: requestId(), Code: 'OK', Message: 'OK', AccessDeniedDetail: '/' },
  };
}

function objectKeyOf(state: SimulatorState, custSpaceId: string, isvTerms: string): string | undefined {
  const directory = state.directoryOf(custSpaceId);
  if (state.options.isvTermsValue === 'fileName')
    return isvTerms.includes('/') ? undefined : `${directory}/${isvTerms}`;
  if (state.options.isvTermsValue === 'objectKey') return isvTerms;
  return URL.canParse(isvTerms) ? decodeURIComponent(new URL(isvTerms).pathname.slice(1)) : undefined;
}

type Misbehaviour = (call: Call, fault: FaultRule, response: ServerResponse) => void | Promise<void>;

const changed =
  (change: (body: Body, call: Call) => Body): Misbehaviour =>
  (call, _fault, response) => {
    const answer = perform(call);
    send(response, { ...answer, body: change(answer.body, call) });
  };
const withData = (change: (data: Body, call: Call) => Body) =>
  changed((body, call) => ({ ...body, Data: change((body.Data ?? {}) as Body, call) }));
const raw =
  (status: number, type: string, text: string): Misbehaviour =>
  (_call, _fault, response) => {
    response.writeHead(status, { 'content-type': type }).end(text);
  };

const MISBEHAVIOURS: Partial<Record<FaultRule['kind'], Misbehaviour>> = {
  delay: async (call, fault, response) => {
    await sleep(fault.delayMs);
    send(response, perform(call));
  },
  dropBefore: (_call, _fault, response) => void response.destroy(),
  dropAfter: (call, _fault, response) => {
    perform(call);
    response.destroy();
  },
  hangBefore: () => undefined,
  hangAfter: (call) => void perform(call),
  status302: (_call, _fault, response) => void response.writeHead(302).end(),
  status302Json: (_call, _fault, response) => send(response, { status: 302, body: {} }),
  html502: raw(502, 'text/html', '<html><body>Bad Gateway</body></html>'),
  empty500: raw(500, 'text/plain', ''),
  limitIn200: (_call, _fault, response) =>
    send(response, {
      ...refusal(200, 'System.LimitControl', 'The system is under flow control.'),
      status: 200,
    }),
  truncated: (call, _fault, response) => {
    const text = JSON.stringify(perform(call).body);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    response.write(text.slice(0, 20), () => response.destroy());
  },
  deniedDetailObject: changed((body) => ({
    ...body,
    AccessDeniedDetail: { AuthAction: 'cams:x', NoPermissionType: 'ImplicitDeny' },
  })),
  expireString: withData((data) => ({ ...data, Expire: String(data.Expire) })),
  expireShort: withData((data, { state }) => {
    const grant = state.grants.get(String(data.AccessKeyId));
    if (grant) grant.expiresAt = state.now() - 1;
    return { ...data, Expire: 1 };
  }),
  endpointWithScheme: withData((data) => ({ ...data, EndPoint: `${data.EndPoint}/` })),
  endpointWithBucket: withData((data) => ({
    ...data,
    EndPoint: String(data.EndPoint).replace('://', `://${SIMULATED_BUCKET}.`),
  })),
  endpointForeign: withData((data) => ({ ...data, EndPoint: 'https://oss.example.net' })),
  fieldMissing: withData(({ SecurityToken: _token, ...data }) => data),
  error: (_call, fault, response) => send(response, refusal(fault.status, fault.code, fault.message)),
};

async function misbehave(call: Call, fault: FaultRule, response: ServerResponse): Promise<void> {
  call.arrival.answer = fault.kind === 'error' ? fault.code : fault.kind;
  const act = MISBEHAVIOURS[fault.kind];
  if (act) await act(call, fault, response);
  else send(response, perform(call));
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const type = { 'content-type': 'application/json;charset=utf-8' };
  const id = typeof body.RequestId === 'string' ? { 'x-acs-request-id': body.RequestId } : {};
  response.writeHead(status, { ...type, ...id, ...headers }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
