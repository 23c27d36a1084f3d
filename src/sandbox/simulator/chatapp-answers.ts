/** What simulated Chat App does when a call is carried out, and how its answers look. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Arrival } from './record.ts';
import { SIMULATED_BUCKET, type SimulatedAccount, type SimulatorState } from './state.ts';

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
  list: [],
} as const;

type Operation = keyof typeof REQUIRED;
export type Body = Record<string, unknown>;
export interface Answer {
  status: number;
  body: Body;
  headers?: Record<string, string>;
}

export interface Call {
  state: SimulatorState;
  operation: Operation;
  account: SimulatedAccount;
  parameters: Record<string, string>;
  arrival: Arrival;
}

/** Carries the call out. */
export function perform(call: Call): Answer {
  const required: readonly string[] = REQUIRED[call.operation];
  const missing = required.find((name) => !call.parameters[name]);
  const answer = missing
    ? refusal(400, `Missing${missing}`, `${missing} is mandatory for this action.`)
    : PERFORM[call.operation](call);
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
    EndPoint: state.options.ossEndpoint || `http://127.0.0.1:${state.ossPort}`,
    Expire: expireSeconds,
  };
  return {
    status: 200,
    body: { RequestId: requestId(), Code: 'OK', Message: 'None', AccessDeniedDetail: 'None', Data: data },
  };
}

function submit({ state, parameters }: Call): Answer {
  // Whatever signs the call may stand among its parameters, and is nobody's business here.
  const {
    CustSpaceId = '',
    IsvTerms = '',
    ...fields
  } = Object.fromEntries(REQUIRED.submit.map((name) => [name, parameters[name] ?? '']));
  const key = objectKeyOf(state, CustSpaceId, IsvTerms);
  if (key === undefined || !state.objects.has(key))
    return refusal(400, 'InvalidParameter.FileUrlError', 'the file can not download');
  state.list.accept(CustSpaceId, IsvTerms);
  state.record.accepted.push({ custSpaceId: CustSpaceId, isvTerms: IsvTerms, fields });
  return {
    status: 200,
    body: { RequestId: requestId(), Code: 'OK', Message: 'OK', AccessDeniedDetail: '/' },
  };
}

function list({ state, parameters }: Call): Answer {
  const body = {
    RequestId: requestId(),
    Code: 'OK',
    Message: 'NULL',
    AccessDeniedDetail: '{}',
    Success: true,
  };
  return { status: 200, body: { ...body, ...state.list.page(parameters) } };
}

const PERFORM: Record<Operation, (call: Call) => Answer> = { authorize, submit, list };

function objectKeyOf(state: SimulatorState, custSpaceId: string, isvTerms: string): string | undefined {
  const directory = state.directoryOf(custSpaceId);
  if (state.options.isvTermsValue === 'fileName')
    return isvTerms.includes('/') ? undefined : `${directory}/${isvTerms}`;
  if (state.options.isvTermsValue === 'objectKey') return isvTerms;
  return URL.canParse(isvTerms) ? decodeURIComponent(new URL(isvTerms).pathname.slice(1)) : undefined;
}

export function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { RequestId: requestId(), HostId: 'cams.simulator', Code: code, Message: message } };
}

const requestId = () => randomUUID().toUpperCase();

export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const type = { 'content-type': 'application/json;charset=utf-8' };
  const id = typeof body.RequestId === 'string' ? { 'x-acs-request-id': body.RequestId } : {};
  response.writeHead(status, { ...type, ...id, ...headers }).end(JSON.stringify(body));
}
