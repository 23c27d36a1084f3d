/** A proxy that lets nothing through: nothing was sent then, and its password is told to nobody. */
import { expect, it } from 'vitest';
import { ChatApp } from '../../src/alibaba/chatapp/client.ts';
import { uploadAgreement } from '../../src/alibaba/oss/upload.ts';
import { reach, whyUnreached } from '../../src/alibaba/reach.ts';
import { DEFAULT_SIMULATED_ACCOUNT } from '../../src/sandbox/simulator/state.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';

const HOST = 'cams.ap-southeast-1.aliyuncs.com';
const ENDPOINT = `https://${HOST}`;
const REGION = 'ap-southeast-1';

async function startRefusing(status: number) {
  const proxy = await startConnectProxy(() => undefined);
  proxy.refuseWith(status);
  const address = new URL(proxy.url).host;
  return {
    proxy,
    settings: { url: proxy.url, bypass: [] },
    why: `the proxy ${address} refused the way with HTTP ${status}`,
  };
}

it.each([403, 407, 502])('a submit that gets HTTP %i from the proxy was not sent', async (status) => {
  const { proxy, settings, why } = await startRefusing(status);
  const chatApp = new ChatApp({
    account: { endpoint: ENDPOINT, region: REGION },
    timeoutMs: 500,
    proxy: settings,
  });
  const customer = { CustSpaceId: 'C1', CustName: 'A', OfficeAddress: 'B', ContactMail: 'a@b.cn' };
  const submitting = chatApp.submit(
    DEFAULT_SIMULATED_ACCOUNT,
    { ...customer, CountryId: 'CN', BusinessDesc: 'C' },
    'a.pdf',
    async () => undefined,
  );
  await expect(submitting).rejects.toMatchObject({
    code: 'PEER_UNREACHABLE',
    class: 'transient',
    wasSent: false,
    message: `submit: connection failed (${why})`,
  });
  expect(proxy.asked).toEqual([`${HOST}:443`]);
});

it('an upload through a proxy that refuses was not sent', async () => {
  const { proxy, settings, why } = await startRefusing(403);
  const target = {
    accessKeyId: 'STS.x',
    accessKeySecret: 'secret',
    securityToken: 'token',
    bucket: 'bucket',
    endpoint: 'https://oss-ap-southeast-1.aliyuncs.com',
    directory: 'C1',
    region: REGION,
  };
  const options = { signature: 'v4', region: REGION, timeoutMs: 500, proxy: settings } as const;
  const uploading = uploadAgreement(target, { name: 'a.pdf', content: Buffer.from('a') }, options);
  await expect(uploading).rejects.toMatchObject({
    code: 'PEER_UNREACHABLE',
    wasSent: false,
    message: `put: connection failed (${why})`,
  });
  expect(proxy.asked).toEqual(['bucket.oss-ap-southeast-1.aliyuncs.com:443']);
});

it('says why nothing is reached', async () => {
  const { settings, why } = await startRefusing(407);
  const asking = reach(ENDPOINT, { proxy: settings, withinMs: 2_000 });
  expect(await asking.catch(whyUnreached)).toBe(why);
  const nobody = { url: 'http://user:secret@127.0.0.1:1', bypass: [] };
  const failing = reach(ENDPOINT, { proxy: nobody, withinMs: 2_000 });
  expect(await failing.catch(whyUnreached)).toBe('the proxy 127.0.0.1:1 cannot be used (ECONNREFUSED)');
});
