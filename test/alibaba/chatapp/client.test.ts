import { describe, expect, it, onTestFinished } from 'vitest';
import { ChatApp } from '../../../src/alibaba/chatapp/client.ts';
import { classifyFailure } from '../../../src/alibaba/chatapp/failure.ts';
import { AppError } from '../../../src/errors.ts';
import type { FaultRuleInput } from '../../../src/sandbox/simulator/faults.ts';
import { startSimulator } from '../../../src/sandbox/simulator/simulator.ts';
import { DEFAULT_SIMULATED_ACCOUNT } from '../../../src/sandbox/simulator/state.ts';

const CUSTOMER = {
  CustSpaceId: 'C200293990209',
  CustName: "O'Brien & Söhne (测试) *!~",
  OfficeAddress: '1 Main St Hangzhou +86 a=b',
  ContactMail: 'partner@aliyun.com',
  CountryId: 'CN',
  BusinessDesc: '100% 营销 "quoted" \\ /?#',
};
const PERSONAL = /partner|Main St|O.Brien|\?/;

async function makeClient(faults: FaultRuleInput[] = []) {
  const simulator = await startSimulator({ faults, rate: 1000 });
  onTestFinished(simulator.stop);
  const account = { endpoint: simulator.endpoint, region: 'ap-southeast-1' };
  return { simulator, chatApp: new ChatApp({ account, timeoutMs: 400 }), endpoint: simulator.endpoint };
}

async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw new Error(`no AppError but ${error}`);
}

it('brings credentials by a signed authorize call', async () => {
  const { simulator, chatApp } = await makeClient();
  const { data, requestId } = await chatApp.authorize(DEFAULT_SIMULATED_ACCOUNT, 'C1');
  expect(data).toMatchObject({ Dir: 'CC1', Expire: 3600 });
  expect(requestId).toMatch(/^[0-9A-F-]{36}$/);
  expect(simulator.state.record.badSignatures).toBe(0);
});

it('takes no answer of a simulator for a real account, not even a refusal', async () => {
  const { simulator, endpoint } = await makeClient();
  simulator.state.objects.set('CC200293990209/a.pdf', { md5: '', bytes: 1, directory: '' });
  const account = { endpoint, region: 'ap-southeast-1' };
  const real = new ChatApp({ account, timeoutMs: 400, refusesSimulators: true });
  const refused = { code: 'PEER_IS_SIMULATOR', class: 'account' };
  const [key, wrong] = [DEFAULT_SIMULATED_ACCOUNT, { accessKeyId: 'x', accessKeySecret: 'y' }];
  expect(await failureOf(real.submit(key, CUSTOMER, 'a.pdf'))).toMatchObject(refused);
  expect(await failureOf(real.submit(wrong, CUSTOMER, 'a.pdf'))).toMatchObject(refused);
});

it('delivers a submit with every awkward character as it was sent', async () => {
  const { simulator, chatApp } = await makeClient();
  simulator.state.objects.set('CC200293990209/a.pdf', { md5: '', bytes: 1, directory: '' });
  await chatApp.submit(DEFAULT_SIMULATED_ACCOUNT, CUSTOMER, 'a.pdf');
  const { CustSpaceId: _id, ...fields } = CUSTOMER;
  expect(simulator.state.record.accepted).toEqual([
    { custSpaceId: 'C200293990209', isvTerms: 'a.pdf', fields },
  ]);
  expect(simulator.state.record.badSignatures).toBe(0);
});

describe('what a fault becomes', () => {
  it.each<[FaultRuleInput['kind'], string, string]>([
    ['dropBefore', 'transient', 'ambiguous'],
    ['dropAfter', 'transient', 'ambiguous'],
    ['hangBefore', 'transient', 'ambiguous'],
    ['hangAfter', 'transient', 'ambiguous'],
    ['truncated', 'transient', 'ambiguous'],
    ['html502', 'transient', 'ambiguous'],
    ['empty500', 'transient', 'ambiguous'],
    ['status302', 'throttled', 'throttled'],
    ['status302Json', 'throttled', 'throttled'],
    ['limitIn200', 'throttled', 'throttled'],
  ])(
    'takes %s as %s for authorize and %s for submit, and keeps the request out of the error',
    async (kind, forAuthorize, forSubmit) => {
      const { simulator, chatApp } = await makeClient([
        { operation: 'authorize', kind },
        { operation: 'submit', kind },
      ]);
      simulator.state.objects.set('CC200293990209/a.pdf', { md5: '', bytes: 1, directory: '' });
      const authorize = await failureOf(chatApp.authorize(DEFAULT_SIMULATED_ACCOUNT, CUSTOMER.CustSpaceId));
      const submit = await failureOf(chatApp.submit(DEFAULT_SIMULATED_ACCOUNT, CUSTOMER, 'a.pdf'));
      expect([authorize.class, submit.class]).toEqual([forAuthorize, forSubmit]);
      for (const error of [authorize, submit])
        expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toMatch(PERSONAL);
      // One call is one request: nothing below us tries again.
      expect([simulator.state.record.count('authorize'), simulator.state.record.count('submit')]).toEqual([
        1, 1,
      ]);
    },
  );

  it.each([
    ['Product.Unsubscript', 400, 'account'],
    ['Unknown.ResourceOwnerId', 400, 'customer'],
    ['InvalidAction.NotFound', 404, 'account'],
    ['Throttling.User', 400, 'throttled'],
    ['ServiceUnavailable', 503, 'ambiguous'],
    ['Brand.New', 400, 'unknown'],
  ])('takes the code %s with HTTP %i as %s and keeps its RequestId', async (code, status, expected) => {
    const { chatApp } = await makeClient([{ operation: 'submit', kind: 'error', code, status }]);
    const error = await failureOf(chatApp.submit(DEFAULT_SIMULATED_ACCOUNT, CUSTOMER, 'a.pdf'));
    expect(error).toMatchObject({ class: expected, peerCode: code, httpStatus: status });
    expect(error.requestId).toMatch(/^[0-9A-F-]{36}$/);
  });

  it('takes an acceptance as one even without a RequestId', async () => {
    const { simulator, chatApp } = await makeClient([{ operation: 'submit', kind: 'oddTexts', message: '' }]);
    simulator.state.objects.set('CC200293990209/a.pdf', { md5: '', bytes: 1, directory: '' });
    expect(await chatApp.submit(DEFAULT_SIMULATED_ACCOUNT, CUSTOMER, 'a.pdf')).toMatchObject({
      requestId: 'unknown',
    });
  });

  it('sends nothing of a row that holds half of a character', async () => {
    const { simulator, chatApp } = await makeClient();
    const odd = { ...CUSTOMER, CustName: 'a\ud800' };
    expect(await failureOf(chatApp.submit(DEFAULT_SIMULATED_ACCOUNT, odd, 'a.pdf'))).toMatchObject({
      code: 'CONTROL_CHARACTER',
      class: 'customer',
      message: 'submit: CustName holds half of a character',
    });
    expect(simulator.state.record.arrivals).toEqual([]);
  });

  it('accepts a good answer whose AccessDeniedDetail is an object', async () => {
    const { chatApp } = await makeClient([{ operation: 'authorize', kind: 'deniedDetailObject' }]);
    await expect(chatApp.authorize(DEFAULT_SIMULATED_ACCOUNT, 'C1')).resolves.toMatchObject({
      data: { Dir: 'CC1' },
    });
  });
});

it('keeps the wait that the peer asks for when it throttles', async () => {
  const simulator = await startSimulator({ rate: 1 });
  onTestFinished(simulator.stop);
  const chatApp = new ChatApp({
    account: { endpoint: simulator.endpoint, region: 'ap-southeast-1' },
    timeoutMs: 1000,
  });
  await chatApp.authorize(DEFAULT_SIMULATED_ACCOUNT, 'C1');
  const error = await failureOf(chatApp.authorize(DEFAULT_SIMULATED_ACCOUNT, 'C1'));
  expect(error.class).toBe('throttled');
  expect(error.retryAfterMs).toBeGreaterThan(0);
  expect(error.retryAfterMs).toBeLessThanOrEqual(1000);
});

it('keeps only part of long texts of the peer', async () => {
  const { chatApp } = await makeClient([
    {
      operation: 'submit',
      kind: 'error',
      code: `Brand.New.${'x'.repeat(1_000)}`,
      message: 'y'.repeat(10_000),
    },
  ]);
  const error = await failureOf(chatApp.submit(DEFAULT_SIMULATED_ACCOUNT, CUSTOMER, 'a.pdf'));
  expect(error.peerCode).toHaveLength(100);
  expect(error.peerMessage).toHaveLength(500);
});

it('takes a wrong secret as an account error and does not repeat what the gateway echoes', async () => {
  const { chatApp } = await makeClient();
  const error = await failureOf(
    chatApp.submit({ ...DEFAULT_SIMULATED_ACCOUNT, accessKeySecret: 'wrong' }, CUSTOMER, 'a.pdf'),
  );
  expect(error).toMatchObject({ class: 'account', peerCode: 'SignatureDoesNotMatch' });
  expect(error.message).not.toMatch(PERSONAL);
});

it('takes a port where nobody listens as transient even for a submit, because nothing was sent', async () => {
  const { simulator, chatApp } = await makeClient();
  await simulator.stop();
  expect(await failureOf(chatApp.submit(DEFAULT_SIMULATED_ACCOUNT, CUSTOMER, 'a.pdf'))).toMatchObject({
    class: 'transient',
    code: 'PEER_UNREACHABLE',
    wasSent: false,
  });
});

it.each([
  [{ code: 'ETIMEDOUT', syscall: 'connect' }, false],
  [{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, false],
  [{ code: 'CERT_HAS_EXPIRED' }, false],
  [{ code: 'ETIMEDOUT', syscall: 'read' }, true],
  [{ code: 'ECONNRESET' }, true],
])('knows of %j whether the call was sent: %s', (failure, wasSent) => {
  const error = classifyFailure('submit', failure, { isStarted: true });
  expect(error).toMatchObject({ wasSent, class: wasSent ? 'ambiguous' : 'transient' });
});
