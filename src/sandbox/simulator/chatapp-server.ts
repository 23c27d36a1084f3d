/** Simulated Chat App: verifies signatures, counts calls exactly, answers and misbehaves like the gateway. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, perform, refusal, send } from './chatapp-answers.ts';
import { authenticate } from './chatapp-authentication.ts';
import { accessKeyIdOf, actionOf, type ChatAppRequest, describeChatApp } from './chatapp-request.ts';
import { GatewayRefusal, refused } from './gateway-refusals.ts';
import { misbehave } from './misbehaviours.ts';
import { readBody } from './read-body.ts';
import type { SimulatedAccount, SimulatorState } from './state.ts';

const OPERATIONS = new Map<string, Call['operation']>([
  ['GetChatappUploadAuthorization', 'authorize'],
  ['SubmitIsvCustomerTerms', 'submit'],
  ['ListInstance', 'list'],
]);

export async function handleChatApp(
  state: SimulatorState,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming);
  if (state.options.jitterMs > 0) await sleep(Math.random() * state.options.jitterMs);
  const at = performance.now();
  const request = describeChatApp(incoming, body);
  const operation = OPERATIONS.get(actionOf(request) ?? '');
  if (operation === undefined) return send(response, refused('InvalidAction.NotFound').answer);

  const { parameters = {} } = request;
  const accessKeyId = accessKeyIdOf(request);
  const subject = parameters.CustSpaceId ?? parameters.PageIndex ?? '';
  const arrival = state.record.arrive({ operation, at, accessKeyId, subject });
  try {
    const account = admit(state, request);
    if (state.options.latencyMs > 0) await sleep(state.options.latencyMs);
    await answerCall({ state, operation, account, parameters, arrival }, response);
  } catch (error) {
    if (!(error instanceof GatewayRefusal)) throw error;
    arrival.answer = error.message;
    send(response, error.answer);
  }
}

/** Everything that the gateway looks at before it lets a call through to its operation. */
function admit(state: SimulatorState, request: ChatAppRequest): SimulatedAccount {
  if (request.parameters === undefined) throw refused('InvalidParameter');
  if (request.path !== '/' || !['GET', 'POST'].includes(request.method))
    throw refused('InvalidAction.NotFound');
  return authenticate(state, request);
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
