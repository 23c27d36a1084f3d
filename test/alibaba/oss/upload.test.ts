import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { uploadAgreement } from '../../../src/alibaba/oss/upload.ts';
import type { UploadTarget } from '../../../src/alibaba/oss/upload-target.ts';
import { AppError } from '../../../src/errors.ts';
import type { FaultRuleInput } from '../../../src/sandbox/simulator/faults.ts';
import { startSimulator } from '../../../src/sandbox/simulator/simulator.ts';
import { SIMULATED_BUCKET, SIMULATED_REGION } from '../../../src/sandbox/simulator/state.ts';
import { makePdf } from '../../support/pdf.ts';

const FILE = { name: 'isvterms-1.pdf', content: makePdf(['a secret clause']) };

async function makeUpload(faults: FaultRuleInput[] = [], signature: 'v4' | 'v1' = 'v4') {
  const simulator = await startSimulator({ faults });
  onTestFinished(simulator.stop);
  const grant = simulator.state.grantUpload('1', 3600);
  const target: UploadTarget = {
    ...grant,
    bucket: SIMULATED_BUCKET,
    endpoint: `http://127.0.0.1:${simulator.state.ossPort}`,
    region: undefined,
  };
  const options = { signature, region: SIMULATED_REGION, timeoutMs: 500 };
  const upload = (changes: Partial<UploadTarget> = {}, more: { refusesSimulators?: boolean } = {}) =>
    uploadAgreement({ ...target, ...changes }, FILE, { ...options, ...more });
  return { simulator, grant, upload };
}

const failureOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

it.each(['v4', 'v1'] as const)(
  'stores an upload signed with %s and writes nothing to the console',
  async (signature) => {
    const spies = (['log', 'warn', 'error'] as const).map((method) => vi.spyOn(console, method));
    const { simulator, upload } = await makeUpload([], signature);
    expect(await upload()).toEqual({ requestId: expect.stringMatching(/./) });
    expect([...simulator.state.objects.keys()]).toEqual(['C1/isvterms-1.pdf']);
    expect(simulator.state.objects.get('C1/isvterms-1.pdf')?.bytes).toBe(FILE.content.length);
    expect(simulator.state.record.badSignatures).toBe(0);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  },
);

it('is refused by a real account, whatever a simulator answers', async () => {
  const { simulator, upload } = await makeUpload();
  const refused = {
    code: 'PEER_IS_SIMULATOR',
    class: 'account',
    message: expect.stringContaining(simulator.state.instance),
  };
  expect(await failureOf(upload({}, { refusesSimulators: true }))).toMatchObject(refused);
  // The second finds the file there, which else counts as done.
  expect(await failureOf(upload({}, { refusesSimulators: true }))).toMatchObject(refused);
  simulator.state.options.namesItself = false;
  expect(await upload({}, { refusesSimulators: true })).toMatchObject({ requestId: expect.any(String) });
});

it('counts an upload as done when an earlier attempt has stored the same', async () => {
  const { simulator, upload } = await makeUpload([{ operation: 'put', kind: 'dropAfter', times: 1 }]);
  expect((await failureOf(upload())).class).toBe('transient');
  expect(await upload()).toEqual({ requestId: expect.stringMatching(/./) });
  expect(simulator.state.record.arrivals.map(({ answer, isDone }) => [answer, isDone])).toEqual([
    ['dropAfter', true],
    ['FileAlreadyExists', false],
  ]);
});

describe('what a fault becomes', () => {
  it.each<[FaultRuleInput, string, string]>([
    [{ operation: 'put', kind: 'dropBefore' }, 'transient', 'PEER_UNREACHABLE'],
    [{ operation: 'put', kind: 'hangBefore' }, 'transient', 'PEER_TIMEOUT'],
    [{ operation: 'put', kind: 'wrongEtag' }, 'transient', 'UPLOAD_CORRUPTED'],
    [{ operation: 'put', kind: 'noEtag' }, 'transient', 'UPLOAD_CORRUPTED'],
    [
      { operation: 'put', kind: 'error', code: 'SecurityTokenExpired', status: 403 },
      'reauthorize',
      'PEER_REFUSED',
    ],
    [
      { operation: 'put', kind: 'error', code: 'ServiceUnavailable', status: 503 },
      'throttled',
      'PEER_THROTTLED',
    ],
    [
      { operation: 'put', kind: 'error', code: 'InternalError', status: 500 },
      'transient',
      'PEER_UNAVAILABLE',
    ],
  ])('turns %j into a %s error', async (fault, expectedClass, code) => {
    const { upload } = await makeUpload([fault]);
    const error = await failureOf(upload());
    expect(error).toMatchObject({ class: expectedClass, code });
    expect(JSON.stringify(error)).not.toContain('secret clause');
  });
});

it('asks for a new authorization when credentials have expired or belong to another directory', async () => {
  const { simulator, grant, upload } = await makeUpload();
  expect((await failureOf(upload({ directory: 'C2' }))).class).toBe('reauthorize');
  expect((await failureOf(upload({ accessKeyId: 'STS.gone' }))).class).toBe('reauthorize');
  Object.assign(simulator.state.grants.get(grant.accessKeyId) ?? {}, { expiresAt: 0 });
  expect((await failureOf(upload())).peerCode).toBe('SecurityTokenExpired');
});

it('knows that nothing was sent where nobody listens', async () => {
  const { simulator, upload } = await makeUpload([{ operation: 'put', kind: 'dropBefore' }]);
  expect(await failureOf(upload())).toMatchObject({ code: 'PEER_UNREACHABLE', wasSent: true });
  await simulator.refuse('oss');
  expect(await failureOf(upload())).toMatchObject({ code: 'PEER_UNREACHABLE', wasSent: false });
});
