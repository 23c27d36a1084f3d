/** Clients of Chat App that nobody here wrote pass where they are right. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../../src/sandbox/simulator/simulator.ts';
import { DEFAULT_SIMULATED_ACCOUNT } from '../../../src/sandbox/simulator/state.ts';
import { camsClient, FOREIGN_CLIENTS } from '../../support/foreign-clients.ts';

const STS = { accessKeyId: 'STS.caller', accessKeySecret: 'of a role', securityToken: 'CAIS+a/token==' };
/** With all that an encoding may get wrong. */
const CUSTOMER = {
  CustSpaceId: 'C1',
  CustName: "O'Brien & Söhne (测试) *!~",
  OfficeAddress: '1 Main St\nHangzhou +86 a=b',
  ContactMail: 'partner@aliyun.com',
  CountryId: 'CN',
  BusinessDesc: '100% 营销 "quoted" \\ /?#',
};

async function startPeer() {
  const simulator = await startSimulator({ accounts: [DEFAULT_SIMULATED_ACCOUNT, STS], rate: 1000 });
  onTestFinished(simulator.stop);
  simulator.state.objects.set('CC1/a.pdf', { md5: '', bytes: 1, directory: 'CC1' });
  return simulator;
}

describe.each(Object.entries(FOREIGN_CLIENTS))('%s', (_name, send) => {
  it.each([
    ['a key', DEFAULT_SIMULATED_ACCOUNT],
    ['STS credentials', STS],
  ])('authorizes and submits with %s, every character as it was sent', async (_key, account) => {
    const { endpoint, state } = await startPeer();
    const authorize = { action: 'GetChatappUploadAuthorization', parameters: { CustSpaceId: 'C1' } };
    expect(await send(endpoint, authorize, account)).toMatchObject({
      code: 'OK',
      body: { Data: { Dir: 'CC1', Expire: 3600 } },
    });
    const submit = { action: 'SubmitIsvCustomerTerms', parameters: { ...CUSTOMER, IsvTerms: 'a.pdf' } };
    expect(await send(endpoint, submit, account)).toMatchObject({ code: 'OK' });
    const { CustSpaceId, ...fields } = CUSTOMER;
    expect(state.record.accepted).toEqual([{ custSpaceId: CustSpaceId, isvTerms: 'a.pdf', fields }]);
    expect(state.record.badSignatures).toBe(0);
  });

  it('is heard by GET and by POST', async () => {
    const { endpoint } = await startPeer();
    for (const method of ['GET', 'POST'] as const)
      expect(await send(endpoint, { action: 'ListInstance', method })).toMatchObject({ code: 'OK' });
  });
});

it.each(['openapi-client (ACS3)', 'openapi-client (RPC v1)', 'openapi-core (ACS3)'] as const)(
  '%s may send parameters as a form, and those of both places count',
  async (name) => {
    const { endpoint, state } = await startPeer();
    const parameters = { ...CUSTOMER, IsvTerms: 'a.pdf' };
    const call = { action: 'SubmitIsvCustomerTerms', parameters, isForm: true };
    expect(await FOREIGN_CLIENTS[name](endpoint, call)).toMatchObject({ code: 'OK' });
    expect(state.record.accepted[0]?.fields.CustName).toBe(CUSTOMER.CustName);
  },
);

it('the SDK of the product authorizes, submits and lists', async () => {
  const { endpoint, state } = await startPeer();
  const { client, models } = camsClient(endpoint);
  const authorization = new models.GetChatappUploadAuthorizationRequest({ custSpaceId: 'C1' });
  const { body } = await client.getChatappUploadAuthorization(authorization);
  expect(body).toMatchObject({ code: 'OK', data: { dir: 'CC1', bucketName: 'cams-terms-sim' } });
  const { CustSpaceId: custSpaceId, CustName: custName, OfficeAddress: officeAddress } = CUSTOMER;
  const { ContactMail: contactMail, CountryId: countryId, BusinessDesc: businessDesc } = CUSTOMER;
  const texts = { custSpaceId, custName, officeAddress, contactMail, countryId, businessDesc };
  const request = new models.SubmitIsvCustomerTermsRequest({ ...texts, isvTerms: 'a.pdf' });
  expect((await client.submitIsvCustomerTerms(request)).body).toMatchObject({ code: 'OK' });
  expect(state.record.accepted).toHaveLength(1);
});

it('limits each account and operation to its rate, whoever calls', async () => {
  const simulator = await startPeer();
  simulator.state.options.rate = 2;
  const call = { action: 'GetChatappUploadAuthorization', parameters: { CustSpaceId: 'C1' } };
  const clients = Object.values(FOREIGN_CLIENTS);
  const answers = await Promise.all(clients.map((send) => send(simulator.endpoint, call)));
  expect(answers.map(({ code }) => code).sort()).toEqual(['OK', 'OK', ...Array(3).fill('Throttling.User')]);
  expect(await FOREIGN_CLIENTS['openapi-core (ACS3)'](simulator.endpoint, call, STS)).toMatchObject({
    code: 'OK',
  });
});
