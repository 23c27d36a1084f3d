/** ali-oss, which nobody here wrote, against simulated OSS: what passes with V1 and V4, and what is refused as OSS does. */
import OSS from 'ali-oss';
import { describe, expect, it, onTestFinished } from 'vitest';
import { crc64 } from '../../../src/sandbox/simulator/crc64.ts';
import { startSimulator } from '../../../src/sandbox/simulator/simulator.ts';
import {
  DEFAULT_SIMULATED_ACCOUNT,
  type Grant,
  SIMULATED_BUCKET,
  SIMULATED_STORE_BUCKET,
} from '../../../src/sandbox/simulator/state.ts';

const PDF = Buffer.from('%PDF-1.4 hello');
const STS = { accessKeyId: 'STS.caller', accessKeySecret: 'of a role', securityToken: 'token-of-the-role' };
const KIB = 1024;

interface Signer {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
}

async function startPeer() {
  const simulator = await startSimulator({ accounts: [DEFAULT_SIMULATED_ACCOUNT, STS] });
  onTestFinished(simulator.stop);
  const { state } = simulator;
  const grant = state.grantUpload('1', 3600);
  const clientOf = (version: 'v1' | 'v4', signer: Signer = grant, options: Partial<OSS.Options> = {}) =>
    new OSS({
      accessKeyId: signer.accessKeyId,
      accessKeySecret: signer.accessKeySecret,
      ...(signer.securityToken !== undefined && { stsToken: signer.securityToken }),
      bucket: SIMULATED_BUCKET,
      endpoint: `http://127.0.0.1:${state.ossPort}`,
      region: 'oss-ap-southeast-1',
      authorizationV4: version === 'v4',
      refreshSTSTokenInterval: 3_600_000,
      ...options,
    } as OSS.Options);
  return { simulator, state, grant, clientOf };
}

const failureOf = async (sent: Promise<unknown>) => {
  const failure = await sent.then(
    () => undefined,
    (error: unknown) => error,
  );
  const { code, status, ecCode } = failure as { code: string; status: number; ecCode: string };
  return { code, status, ec: ecCode };
};

describe.each(['v1', 'v4'] as const)('ali-oss with %s', (version) => {
  it('puts a buffer, and is told the checksums of what was stored', async () => {
    const { state, clientOf } = await startPeer();
    const { res } = await clientOf(version).put('C1/a b+(1)&测试.pdf', PDF, { mime: 'application/pdf' });
    expect(res.headers).toMatchObject({
      etag: '"183B148A9DAE94A7844A8351B1FC2D59"',
      'x-oss-hash-crc64ecma': '2188051418999286273',
    });
    expect([...state.objects.keys()]).toEqual(['C1/a b+(1)&测试.pdf']);
    expect(state.record.badSignatures).toBe(0);
  });

  it('uploads in parts, and the object is whole', async () => {
    const { state, clientOf } = await startPeer();
    const content = Buffer.alloc(250 * KIB, 'agreement ');
    const { res } = (await clientOf(version).multipartUpload('C1/large.pdf', content, {
      partSize: 100 * KIB,
    })) as unknown as { res: { headers: Record<string, string> } };
    expect(res.headers['x-oss-hash-crc64ecma']).toBe(crc64(content));
    expect(res.headers.etag).toMatch(/^"[0-9A-F]{32}-3"$/);
    expect(state.objects.get('C1/large.pdf')?.bytes).toBe(content.length);
    expect(state.record.badSignatures).toBe(0);
  });

  it('stores and reads back in the bucket of the account, with STS credentials too', async () => {
    const { clientOf } = await startPeer();
    for (const signer of [DEFAULT_SIMULATED_ACCOUNT, STS]) {
      const client = clientOf(version, signer, { bucket: SIMULATED_STORE_BUCKET });
      const { res } = await client.put('kept/a.pdf', PDF);
      expect(res.headers).toMatchObject({ 'x-oss-hash-crc64ecma': '2188051418999286273' });
      expect((await client.get('kept/a.pdf')).content).toEqual(PDF);
    }
  });

  it.each<[string, (grant: Grant) => Signer, object]>([
    [
      'a wrong secret',
      (grant) => ({ ...grant, accessKeySecret: 'x' }),
      { code: 'SignatureDoesNotMatch', status: 403 },
    ],
    [
      'a key that nobody has',
      (grant) => ({ ...grant, accessKeyId: 'STS.x' }),
      { code: 'InvalidAccessKeyId', status: 403 },
    ],
    [
      'a token that nobody gave',
      (grant) => ({ ...grant, securityToken: 'made-up' }),
      { code: 'InvalidSecurityToken', status: 403, ec: '0002-00000006' },
    ],
    [
      'the key of a grant without its token',
      ({ accessKeyId, accessKeySecret }) => ({ accessKeyId, accessKeySecret }),
      { code: 'InvalidAccessKeyId', status: 403, ec: '0002-00000003' },
    ],
  ])('is refused with %s', async (_what, signerOf, refusal) => {
    const { grant, clientOf } = await startPeer();
    expect(await failureOf(clientOf(version, signerOf(grant)).put('C1/a.pdf', PDF))).toMatchObject(refusal);
    expect((await clientOf(version).put('C1/a.pdf', PDF)).res.status).toBe(200);
  });

  it('is refused outside of its directory, and with a bad wish about overwriting', async () => {
    const { clientOf } = await startPeer();
    const client = clientOf(version);
    expect(await failureOf(client.put('C2/a.pdf', PDF))).toMatchObject({ code: 'AccessDenied', status: 403 });
    const wish = { headers: { 'x-oss-forbid-overwrite': 'yes' } };
    expect(await failureOf(client.put('C1/a.pdf', PDF, wish))).toMatchObject({
      code: 'InvalidArgument',
      status: 400,
      ec: '0017-00000279',
    });
  });
});

it('refuses parts that are too small, unknown or out of order, and forgets what was aborted', async () => {
  const { clientOf } = await startPeer();
  const client = clientOf('v4') as OSS & {
    _uploadPart(name: string, id: string, part: number, data: object): Promise<{ etag: string }>;
  };
  const { uploadId } = await client.initMultipartUpload('C1/a.pdf');
  const etags = [];
  for (const part of [1, 2]) {
    const { Readable } = await import('node:stream');
    etags.push(
      (
        await client._uploadPart('C1/a.pdf', uploadId, part, {
          stream: Readable.from([PDF]),
          size: PDF.length,
        })
      ).etag,
    );
  }
  const done = (parts: { number: number; etag: string }[]) =>
    failureOf(client.completeMultipartUpload('C1/a.pdf', uploadId, parts));
  const [first = '', second = ''] = etags;
  expect(
    await done([
      { number: 1, etag: first },
      { number: 2, etag: second },
    ]),
  ).toMatchObject({ code: 'EntityTooSmall' });
  expect(await done([{ number: 1, etag: '"0"' }])).toMatchObject({ code: 'InvalidPart', status: 400 });
  await client.abortMultipartUpload('C1/a.pdf', uploadId, {});
  expect(await done([{ number: 1, etag: first }])).toMatchObject({ code: 'NoSuchUpload', status: 404 });
});

it('refuses V4 for another region', async () => {
  const { clientOf, grant } = await startPeer();
  const client = clientOf('v4', grant, { region: 'oss-cn-hangzhou' });
  expect(await failureOf(client.put('C1/a.pdf', PDF))).toMatchObject({
    code: 'InvalidArgument',
    status: 400,
    ec: '0002-00000226',
  });
});

it('refuses an upload whose clock is wrong', async () => {
  const { state, clientOf } = await startPeer();
  state.options.clockSkewMs = 16 * 60_000;
  expect(await failureOf(clientOf('v4').put('C1/a.pdf', PDF))).toMatchObject({
    code: 'RequestTimeTooSkewed',
    ec: '0002-00000504',
  });
});

it.each<[string, string, Record<string, string>, number, string]>([
  ['nobody', '/C1/a.pdf', {}, 403, 'AccessDenied'],
  ['a signature of no kind', '/C1/a.pdf', { authorization: 'Bearer x' }, 400, 'InvalidArgument'],
  ['a path that cannot be decoded', '/C1/%ZZ.pdf', {}, 400, 'InvalidURI'],
  ['a query that cannot be decoded', '/C1/a.pdf?x=%ZZ', {}, 400, 'InvalidURI'],
  ['no date', '/C1/a.pdf', { authorization: 'OSS KEY:x' }, 403, 'AccessDenied'],
  [
    'a date in no form',
    '/C1/a.pdf',
    { authorization: 'OSS KEY:x', 'x-oss-date': 'today' },
    403,
    'AccessDenied',
  ],
])('answers %s', async (_what, path, headers, status, code) => {
  const { state, grant } = await startPeer();
  const named = Object.entries(headers).map(([name, value]) => [
    name,
    value.replace('KEY', grant.accessKeyId),
  ]);
  const response = await fetch(`http://127.0.0.1:${state.ossPort}/${SIMULATED_BUCKET}${path}`, {
    method: 'PUT',
    headers: { ...Object.fromEntries(named), 'x-oss-security-token': grant.securityToken },
    body: 'x',
  });
  expect([response.status, /<Code>(.*)<\/Code>/.exec(await response.text())?.[1]]).toEqual([status, code]);
});
