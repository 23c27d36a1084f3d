/** What a stranger asks a simulator over HTTP, whatever his client is written in. */
import { expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../../src/sandbox/simulator/simulator.ts';
import { DEFAULT_SIMULATED_ACCOUNT } from '../../../src/sandbox/simulator/state.ts';
import { FOREIGN_CLIENTS } from '../../support/foreign-clients.ts';

const AUTHORIZE = { action: 'GetChatappUploadAuthorization', parameters: { CustSpaceId: 'C1' } };
const STS = { accessKeyId: 'STS.caller', accessKeySecret: 'of a role', securityToken: 'token-of-the-role' };

async function startPeer() {
  const simulator = await startSimulator({ accounts: [DEFAULT_SIMULATED_ACCOUNT, STS], rate: 1000 });
  onTestFinished(simulator.stop);
  const ask = async (method: string, name: string, body?: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${simulator.endpoint}/simulator/${name}`, {
      method,
      ...(body !== undefined && { body: text }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const call = FOREIGN_CLIENTS['pop-core (RPC v1, POST)'];
  return { simulator, ask, send: call.bind(undefined, simulator.endpoint) };
}

it('tells what it received and accepted, and nothing that signs', async () => {
  const { simulator, ask, send } = await startPeer();
  simulator.state.objects.set('CC1/a.pdf', { md5: '', bytes: 1, directory: 'CC1' });
  const parameters = {
    CustSpaceId: 'C1',
    CustName: 'n',
    OfficeAddress: 'o',
    ContactMail: 'm',
    CountryId: 'CN',
    BusinessDesc: 'b',
    IsvTerms: 'a.pdf',
  };
  expect(await send({ action: 'SubmitIsvCustomerTerms', parameters }, STS)).toMatchObject({ code: 'OK' });
  const { CustSpaceId: custSpaceId, IsvTerms: isvTerms, ...fields } = parameters;
  const accepted = await ask('GET', 'accepted');
  expect(accepted).toEqual({ status: 200, body: [{ custSpaceId, isvTerms, fields }] });
  const arrivals = await ask('GET', 'arrivals');
  expect(arrivals.body).toMatchObject([
    { operation: 'submit', accessKeyId: 'STS.caller', subject: 'C1', answer: 'OK' },
  ]);
  expect((await ask('GET', 'summary')).body).toMatchObject({ acceptedCustomers: 1, submit: { calls: 1 } });
  for (const { body } of [accepted, arrivals])
    for (const secret of [STS.accessKeySecret, STS.securityToken, 'Signature'])
      expect(JSON.stringify(body)).not.toContain(secret);
});

it.each(['dropAfter', 'truncated'])(
  'says of a call with %s that it was done, and not that it was answered',
  async (kind) => {
    const { ask, send } = await startPeer();
    await ask('PUT', 'faults', [{ operation: 'authorize', kind, times: 1 }]);
    expect(await send(AUTHORIZE)).toMatchObject({ code: 'ECONNRESET' });
    expect((await ask('GET', 'arrivals')).body).toMatchObject([{ answer: kind, isDone: true }]);
  },
);

it('forgets all of it, and is another peer from then on', async () => {
  const { simulator, ask, send } = await startPeer();
  const nonce = { ...AUTHORIZE, parameters: { ...AUTHORIZE.parameters, SignatureNonce: 'n-1' } };
  await send(nonce);
  const { instance } = simulator.state;
  expect((await ask('POST', 'reset')).body).toMatchObject({ authorize: { calls: 0 }, badSignatures: 0 });
  expect((await ask('GET', 'arrivals')).body).toEqual([]);
  const response = await fetch(`${simulator.endpoint}/simulator/summary`);
  expect(response.headers.get('x-onboard-simulator')).toBe(simulator.state.instance);
  expect(simulator.state.instance).not.toBe(instance);
  expect(await send(nonce)).toMatchObject({ code: 'OK' });
});

it('changes its rate, for all or for one account, and its faults', async () => {
  const { ask, send } = await startPeer();
  const codes = async (account = DEFAULT_SIMULATED_ACCOUNT) => [
    (await send(AUTHORIZE, account)).code,
    (await send(AUTHORIZE, account)).code,
  ];
  await ask('PUT', 'rate', { rate: 1, accessKeyId: STS.accessKeyId });
  expect(await codes()).toEqual(['OK', 'OK']);
  expect(await codes(STS)).toEqual(['OK', 'Throttling.User']);
  await ask('PUT', 'faults', [{ operation: 'authorize', kind: 'error', code: 'Forbidden.RAM', status: 403 }]);
  expect(await codes()).toEqual(['Forbidden.RAM', 'Forbidden.RAM']);
});

it.each([
  ['PUT', 'rate', 'fast', 400, 'The body is not JSON.'],
  ['PUT', 'rate', { rate: -1 }, 400, 'rate'],
  ['PUT', 'rate', { rate: 1, accessKeyId: 'LTAIstranger' }, 400, 'LTAIstranger'],
  ['PUT', 'faults', [{ operation: 'submit', kind: 'rain' }], 400, '[0].kind'],
  ['PUT', 'faults', [{ operation: 'submit', kind: 'delay', match: '(' }], 400, '[0].match'],
  ['GET', 'calls', undefined, 404, 'GET calls is unknown.'],
  ['DELETE', 'arrivals', undefined, 404, 'DELETE arrivals is unknown.'],
])('says of %s %s with %j what is wrong', async (method, name, body, status, reason) => {
  const { ask } = await startPeer();
  const answer = await ask(method, name, body);
  expect(answer.status).toBe(status);
  expect(answer.body.error).toContain(reason);
});
