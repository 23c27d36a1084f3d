/** Requests to simulated OSS as no SDK makes them, signed by hand and correctly: what the real one refuses or cannot be. */
import { request as httpRequest } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { signOssV1, signOssV4 } from '../../../src/sandbox/simulator/oss-signature.ts';
import { readBody } from '../../../src/sandbox/simulator/read-body.ts';
import { startSimulator } from '../../../src/sandbox/simulator/simulator.ts';
import {
  DEFAULT_SIMULATED_ACCOUNT,
  SIMULATED_BUCKET,
  SIMULATED_REGION,
  SIMULATED_STORE_BUCKET,
} from '../../../src/sandbox/simulator/state.ts';

interface Sent {
  bucket?: string;
  method?: string;
  key?: string;
  query?: string;
  headers?: Record<string, string>;
}

async function startPeer() {
  const { state, stop } = await startSimulator();
  onTestFinished(stop);
  const grant = state.grantUpload('1', 3600);
  const send = async (version: 'v1' | 'v4', sent: Sent) => {
    const { bucket = SIMULATED_BUCKET, method = 'PUT', key = `${grant.directory}/a.pdf`, query = '' } = sent;
    const signer = bucket === SIMULATED_BUCKET ? grant : DEFAULT_SIMULATED_ACCOUNT;
    const headers: Record<string, string> = { ...sent.headers };
    if (signer === grant) headers['x-oss-security-token'] = grant.securityToken;
    const call = { method, bucket, key, query, headers };
    const date = compact().slice(0, 8);
    const scope = { date, region: SIMULATED_REGION, additionalHeaders: [] };
    const authorization =
      version === 'v1'
        ? `OSS ${signer.accessKeyId}:${signOssV1(call, signer.accessKeySecret)}`
        : `OSS4-HMAC-SHA256 Credential=${signer.accessKeyId}/${date}/${SIMULATED_REGION}/oss/aliyun_v4_request,Signature=${signOssV4(call, scope, signer.accessKeySecret)}`;
    const path = `/${bucket}/${encodeURIComponent(key).replaceAll('%2F', '/')}${query && `?${query}`}`;
    return exchange(state.ossPort, { method, path, headers: { ...headers, authorization } });
  };
  return { state, send };
}

const compact = () => new Date().toISOString().replace(/[-:]|\.\d+/g, '');
const gmt = () => new Date().toUTCString();
const v4 = (headers: Record<string, string> = {}) => ({
  'x-oss-date': compact(),
  'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
  ...headers,
});

/** Not `fetch`, which sends a type of its own with a body. */
function exchange(port: number, options: { method: string; path: string; headers: Record<string, string> }) {
  return new Promise<{ status: number; code: string; ec: string; text: string; error: string }>(
    (resolve, reject) => {
      const sent = httpRequest({ host: '127.0.0.1', port, ...options }, async (response) => {
        const text = (await readBody(response)).toString();
        const [, code = '', ec = ''] = /<Code>(.*)<\/Code>.*<EC>(.*)<\/EC>/.exec(text) ?? [];
        const error = Buffer.from(String(response.headers['x-oss-err'] ?? ''), 'base64').toString();
        resolve({ status: response.statusCode ?? 0, code, ec, text, error });
      });
      sent.on('error', reject).end(options.method === 'PUT' ? 'x' : '');
    },
  );
}

it('takes what is signed by hand, in each form of the date', async () => {
  const { send } = await startPeer();
  expect(await send('v4', { headers: v4() })).toMatchObject({ status: 200 });
  const dates: Record<string, string>[] = [
    { date: gmt() },
    { 'x-oss-date': gmt() },
    { 'x-oss-date': compact() },
  ];
  for (const headers of dates) expect(await send('v1', { headers })).toMatchObject({ status: 200 });
});

it.each([
  ['a digest of the content', { 'x-oss-content-sha256': '2d711642b726b04401627ca9fbac32f5' }],
  ['nothing', { 'x-oss-content-sha256': '' }],
])('refuses V4 that says %s of its payload', async (_what, headers) => {
  const { send } = await startPeer();
  const refused = { status: 400, code: 'InvalidArgument', ec: '0002-00000214' };
  expect(await send('v4', { headers: v4(headers) })).toMatchObject(refused);
});

it('refuses a date in the form of the other header', async () => {
  const { send } = await startPeer();
  const refused = { status: 403, code: 'AccessDenied', ec: '0002-00000502' };
  expect(await send('v4', { headers: v4({ 'x-oss-date': gmt() }) })).toMatchObject(refused);
  expect(await send('v1', { headers: { date: compact() } })).toMatchObject(refused);
});

it.each<[string, Record<string, string>]>([
  ['acl', {}],
  ['append&position=0', {}],
  ['tagging', {}],
  ['', { 'x-oss-copy-source': '/somewhere/else.pdf' }],
])('stores nothing for a request that is no upload: ?%s %o', async (query, headers) => {
  const { state, send } = await startPeer();
  for (const bucket of [SIMULATED_BUCKET, SIMULATED_STORE_BUCKET]) {
    const sent = { bucket, query, headers: v4(headers) };
    expect(await send('v4', sent)).toMatchObject({ status: 501, code: 'NotImplemented' });
  }
  expect([state.objects.size, state.kept.size]).toEqual([0, 0]);
});

it('checks an upload to the bucket of the user as one to the other', async () => {
  const { state, send } = await startPeer();
  const bucket = SIMULATED_STORE_BUCKET;
  const wish = v4({ 'x-oss-forbid-overwrite': 'TRUE' });
  expect(await send('v4', { bucket, headers: wish })).toMatchObject({ status: 400, ec: '0017-00000279' });
  const digest = v4({ 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' });
  expect(await send('v4', { bucket, headers: digest })).toMatchObject({ status: 400, code: 'InvalidDigest' });
  expect(state.kept.size).toBe(0);
});

it('lists keys so that XML can hold them, and tells a HEAD in a header what is wrong', async () => {
  const { send } = await startPeer();
  const bucket = SIMULATED_STORE_BUCKET;
  expect(await send('v4', { bucket, key: 'a&b<c.pdf', headers: v4() })).toMatchObject({ status: 200 });
  const list = await send('v4', { bucket, key: '', method: 'GET', query: 'list-type=2', headers: v4() });
  expect(list.text).toContain('<Key>a&amp;b&lt;c.pdf</Key>');
  const head = await send('v4', { bucket, key: 'none.pdf', method: 'HEAD', headers: v4() });
  expect(head).toMatchObject({ status: 404, text: '' });
  expect(head.error).toContain('<Code>NoSuchKey</Code>');
});
