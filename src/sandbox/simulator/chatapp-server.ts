/** Simulated Chat App: verifies signatures, counts calls exactly, answers and misbehaves like the gateway. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { headersToSign, parseAcs3Authorization, signAcs3 } from './acs3-signature.ts';
import { type Answer, type Call, perform, refusal, send } from './chatapp-answers.ts';
import { misbehave } from './misbehaviours.ts';
import { parseQuery } from './percent.ts';
import { readBody } from './read-body.ts';
import type { SimulatedAccount, SimulatorState } from './state.ts';

const OPERATIONS = {
  GetChatappUploadAuthorization: 'authorize',
  SubmitIsvCustomerTerms: 'submit',
  ListInstance: 'list',
} as const;
const SKEW_MS_MAX = 15 * 60_000;

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
  const subject = parameters.CustSpaceId ?? parameters.PageIndex ?? '';
  const arrival = state.record.arrive({ operation, at, accessKeyId, subject });
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
    return bad(
      state,
      refusal(400, 'MissingAuthorization', 'The Authorization header is missing or malformed.'),
    );
  const account = state.accounts.get(authorization.accessKeyId);
  if (account === undefined)
    return bad(state, refusal(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.'));
  if (account.securityToken !== undefined && headers['x-acs-security-token'] !== account.securityToken)
    return bad(
      state,
      refusal(403, 'InvalidSecurityToken.MismatchWithAccessKey', 'The token does not belong to the key.'),
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
    return bad(state, refusal(400, 'SignatureDoesNotMatch', `server string to sign is: ${request.query}`));
  const skew = Math.abs(state.now() - Date.parse(headers['x-acs-date'] ?? ''));
  if (!(skew <= SKEW_MS_MAX))
    return {
      refusal: refusal(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.'),
    };
  if (!state.useNonce(headers['x-acs-signature-nonce'] ?? ''))
    return bad(state, refusal(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.'));
  return { account };
}

function bad(state: SimulatorState, answer: Answer): { refusal: Answer } {
  state.record.badSignatures++;
  return { refusal: answer };
}
