/** How simulated Chat App misbehaves: one entry for each kind of fault it knows. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Body, type Call, perform, refusal, send } from './chatapp-answers.ts';
import type { FaultRule } from './faults.ts';
import { HOSTILE_BODIES, type HostileBodyKind } from './hostile-bodies.ts';
import { SIMULATED_BUCKET } from './state.ts';

const HTTP_OK = 200;

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

/** What was asked for is done, and its answer never reaches whoever asked. */
function performUnheard(call: Call, kind: FaultRule['kind']): Answer {
  const answer = perform(call);
  call.arrival.answer = kind;
  return answer;
}

/** The same, because who reads the answer to its end never gets there. */
const hostile =
  (kind: HostileBodyKind): Misbehaviour =>
  (call, _fault, response) => {
    performUnheard(call, kind);
    return HOSTILE_BODIES[kind](response, HTTP_OK);
  };

const MISBEHAVIOURS: Partial<Record<FaultRule['kind'], Misbehaviour>> = {
  delay: async (call, fault, response) => {
    await sleep(fault.delayMs);
    send(response, perform(call));
  },
  dropBefore: (_call, _fault, response) => void response.destroy(),
  dropAfter: (call, { kind }, response) => {
    performUnheard(call, kind);
    response.destroy();
  },
  hangBefore: () => undefined,
  hangAfter: (call, { kind }) => void performUnheard(call, kind),
  status302: (_call, _fault, response) => void response.writeHead(302).end(),
  status302Json: (_call, _fault, response) => send(response, { status: 302, body: {} }),
  html502: raw(502, 'text/html', '<html><body>Bad Gateway</body></html>'),
  empty500: raw(500, 'text/plain', ''),
  limitIn200: (_call, _fault, response) =>
    send(response, {
      ...refusal(200, 'System.LimitControl', 'The system is under flow control.'),
      status: 200,
    }),
  truncated: (call, { kind }, response) => {
    const text = JSON.stringify(performUnheard(call, kind).body);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    response.write(text.slice(0, 20), () => response.destroy());
  },
  deniedDetailObject: changed((body) => ({
    ...body,
    AccessDeniedDetail: { AuthAction: 'cams:x', NoPermissionType: 'ImplicitDeny' },
  })),
  // A RequestId with a lone surrogate is valid JSON; headers could not hold it.
  oddTexts: (call, { message }, response) => {
    const body = { ...perform(call).body, RequestId: message, Message: message };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  },
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
  gzipBomb: hostile('gzipBomb'),
  endlessBody: hostile('endlessBody'),
  slowBody: hostile('slowBody'),
  error: (_call, fault, response) => send(response, refusal(fault.status, fault.code, fault.message)),
};

/** Answers a call with its fault; a kind that is only for OSS changes nothing here. */
export async function misbehave(call: Call, fault: FaultRule, response: ServerResponse): Promise<void> {
  call.arrival.answer = fault.kind === 'error' ? fault.code : fault.kind;
  const act = MISBEHAVIOURS[fault.kind];
  if (act) await act(call, fault, response);
  else send(response, perform(call));
}
