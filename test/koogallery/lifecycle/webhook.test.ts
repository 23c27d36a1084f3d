import { expect, it } from 'vitest';
import { formLinkOf } from '../../../src/koogallery/form/link.ts';
import { readAccess } from '../../../src/koogallery/lifecycle/access-answer.ts';
import { waitMs } from '../../../src/koogallery/lifecycle/backoff.ts';
import { retryTasks } from '../../../src/koogallery/lifecycle/retry-tasks.ts';
import { openAccess, sealAccess } from '../../../src/koogallery/registry/access.ts';
import { readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import { sealOf } from '../../../src/koogallery/seal.ts';
import { creation, doChange, makeChannel } from '../../support/koogallery/registry.ts';
import {
  answerJson,
  channelOf,
  startWebhook,
  type WebhookAnswer,
  workOf,
} from '../../support/koogallery/webhook.ts';
import { openApisForTest } from '../../support/open-apis.ts';
import { SELLER } from '../../support/seller.ts';

const text =
  (body: string, headers: Record<string, string> = {}, status = 200): WebhookAnswer =>
  (_call, response) => {
    response.writeHead(status, headers).end(body);
  };

it.each<[string, WebhookAnswer, string]>([
  ['garbage', text('<html>'), 'HTTP 200, but not a JSON object'],
  ['a list', text('[]'), 'HTTP 200, but not a JSON object'],
  ['far too much', text(`{"memo":"${'x'.repeat(200_000)}"}`), 'the answer is longer than'],
  ['a redirect', text('', { location: 'http://127.0.0.1:1/' }, 302), 'HTTP 302'],
  ['nothing', (_call, response) => void response.destroy(), 'no answer: ECONNRESET'],
  ['a number', answerJson(200, { userName: 7 }), 'the answer cannot be used: userName is not a text'],
  [
    'a script',
    answerJson(200, { frontEndUrl: 'javascript:alert(1)' }),
    'the answer cannot be used: frontEndUrl is not a web address',
  ],
  [
    'a name that is too long',
    answerJson(200, { frontEndUrl: 'https://a.example.com', memo: 'x'.repeat(1_025) }),
    'the answer cannot be used: memo is longer than 1024 characters',
  ],
])('tries again after %s', async (_name, answer, reason) => {
  const access = makeChannel();
  const webhook = await startWebhook(answer);
  await doChange(access, creation('i'));
  await workOf(access, { channel: channelOf(access.slug, webhook.url) }).workOn('i');
  const [task] = await readTasks(access, 'i');
  expect(task).toMatchObject({ state: 'due', attempts: 1, failures: 1 });
  expect(task?.reason).toContain(reason);
  expect(webhook.calls).toHaveLength(1);
});

it('waits no longer than it should', async () => {
  const access = makeChannel();
  const webhook = await startWebhook(() => undefined);
  await doChange(access, creation('i'));
  await workOf(access, { channel: channelOf(access.slug, webhook.url), withinMs: 150 }).workOn('i');
  expect(await readTasks(access, 'i')).toMatchObject([
    { state: 'due', reason: 'no answer: no answer in time' },
  ]);
});

it.each([
  [{ license: 'LIC-1' }, 'LIC-1'],
  [{ fileName: 'a.lic', fileBase64: Buffer.from([0, 255]).toString('base64') }, '\u0000\ufffd'],
])('uploads the License that a webhook issues: %j', async (answer, content) => {
  const access = makeChannel();
  const apis = await openApisForTest();
  const webhook = await startWebhook(answerJson(200, answer));
  const openApi = {
    ...SELLER,
    origin: apis.origin,
    usage: { interface: 'new', withAccessKey: true },
  } as const;
  const channel = channelOf(access.slug, webhook.url, { generation: 'license-online', openApi });
  const issue = { op: 'note', id: 'i', task: 'license.issue', dedupe: 'e1', opens: 'saas' } as const;
  await doChange(access, issue, { fields: { eventId: 'e1' } });
  await workOf(access, { channel }).workOn('i');
  expect(await readTasks(access, 'i')).toMatchObject([{ state: 'done' }]);
  expect(apis.files.get('e1')?.toString('utf8')).toContain(content);
});

it('asks the marketplace what V2.0 leaves out, once, before the webhook is told', async () => {
  const access = makeChannel();
  const apis = await openApisForTest();
  const webhook = await startWebhook(answerJson(500));
  const openApi = {
    ...SELLER,
    origin: apis.origin,
    usage: { interface: 'new', withAccessKey: true },
  } as const;
  const channel = channelOf(access.slug, webhook.url, { openApi });
  const buyerInfo = { customerId: 'c1', customerName: 'Buyer', mobilePhone: '+86 138', email: 'a@b.c' };
  const productInfo = [{ productId: 'p1', skuCode: 's1' }];
  const orderLine = [{ orderLineId: 'l', expireTime: '20270801000000', productInfo }];
  const fields = { orderId: 'o', orderLineId: 'l' };
  await doChange(access, creation('i'), { fields });
  const work = workOf(access, { channel });
  await work.workOn('i');
  // Nobody knows the order yet, so the webhook is not told.
  expect(webhook.calls).toEqual([]);
  expect((await readTasks(access, 'i'))[0]?.reason).toContain('CBC.0150');
  apis.orders.add({ orderId: 'o', orderType: 'NEW', orderLine, buyerInfo });
  for (const status of [500, 200]) {
    webhook.how.answer = answerJson(status);
    await retryTasks(access, { id: 'i', by: 'me' });
    await work.workOn('i');
  }
  expect(apis.calls.filter(({ answer }) => answer === 'MKT.0000')).toHaveLength(1);
  expect(webhook.calls).toHaveLength(2);
  expect(webhook.calls[1]?.raw).toBe(webhook.calls[0]?.raw);
  expect(webhook.calls[0]?.body).toMatchObject({
    expireAt: '2027-08-01T00:00:00.000Z',
    product: { productId: 'p1', skuCode: 's1' },
    buyer: buyerInfo,
    order: { orderId: 'o', orderType: 'NEW', buyerInfo },
  });
  const instance = await readInstance(access, 'i');
  expect(instance).toMatchObject({ productId: 'p1', state: 'active', buyer: { customerId: 'c1' } });
  expect(JSON.stringify([instance, await readTasks(access, 'i')])).not.toContain('+86 138');
});

it('names no value of an answer that cannot be used', () => {
  const channel = channelOf('c', 'http://127.0.0.1:1', { generation: 'saas-v1' });
  const answer = { frontEndUrl: 'https://a.example.com', password: 'p'.repeat(120) };
  const read = readAccess(answer, {}, channel);
  expect(read).toEqual({ ok: false, problem: 'password is longer than 128 characters' });
});

it('waits as an answer asks, within bounds', () => {
  const wait = { count: 3, isAlive: true };
  expect(waitMs(wait)).toBe(20_000);
  expect(waitMs({ ...wait, wantedMs: 7_000 })).toBe(7_000);
  expect(waitMs({ ...wait, wantedMs: 0 })).toBe(1_000);
  expect(waitMs({ ...wait, wantedMs: 86_400_000 })).toBe(600_000);
  expect(waitMs({ count: 99, isAlive: true })).toBe(60_000);
});

it('leads no buyer to a form that is served no more, because the channel has a webhook now', async () => {
  const access = makeChannel();
  const webhook = await startWebhook(answerJson(200, {}));
  const channel = {
    ...channelOf(access.slug, webhook.url),
    frontEndUrl: 'https://app.example.com/{instanceId}',
  };
  const seal = sealOf(channel);
  const provision = { formUrl: 'https://isv.example/form/x' };
  const frontEndUrl = formLinkOf({ ...channel, provision }, 'i');
  await doChange(access, creation('i', { set: { access: sealAccess(seal, { frontEndUrl }) } }));
  await workOf(access, { channel }).workOn('i');
  const told = openAccess(seal, (await readInstance(access, 'i'))?.access);
  expect(told.frontEndUrl).toBe('https://app.example.com/i');
});
