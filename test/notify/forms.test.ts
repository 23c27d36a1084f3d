import { describe, expect, it } from 'vitest';
import { deliver } from '../../src/notify/deliver.ts';
import type { AlertEvent } from '../../src/notify/events.ts';
import type { Receiver } from '../../src/notify/receivers.ts';
import { hmacOf, startReceiver } from '../support/receiver.ts';

const SECRET = 'SEC-of-the-test';
const NOW = 1_780_000_000_123;
const EVENT: AlertEvent = {
  id: 'breaker.opened-onboard.default-1780000000000',
  type: 'breaker.opened',
  at: 1_780_000_000_000,
  account: 'default',
  peer: 'real',
  facts: { code: 'Account<Unpaid>', hint: 'Pay & wait.' },
};
const TITLE = '[isv-onboarding] Alibaba Cloud refuses the account: Account<Unpaid>';

const receiverOf = (type: Receiver['type'], url: string, more: Partial<Receiver> = {}): Receiver => ({
  type,
  name: type,
  url,
  secret: SECRET,
  events: undefined,
  language: 'en',
  ...more,
});

async function send(type: Receiver['type'], path: string, more: Partial<Receiver> = {}) {
  const server = await startReceiver();
  const receiver = receiverOf(type, `${server.origin}${path}`, more);
  const delivery = await deliver(receiver, EVENT, { proxy: undefined, now: () => NOW });
  const [received] = server.received;
  if (received === undefined) throw new Error('Nothing came.');
  return { delivery, ...received, json: JSON.parse(received.body) };
}

describe('the form of each vendor, at a real server', () => {
  it('webhook: signed over time and body, with the id of the event', async () => {
    const { delivery, headers, body, json } = await send('webhook', '/hook');
    expect(delivery).toEqual({ isOk: true, text: 'HTTP 200' });
    const seconds = '1780000000';
    const digest = await hmacOf(SECRET, `${seconds}.${body}`, 'hex');
    expect(headers['onboard-signature']).toBe(`t=${seconds},v1=${digest}`);
    expect(headers['onboard-timestamp']).toBe(seconds);
    expect(headers['onboard-id']).toBe(EVENT.id);
    expect(headers['content-type']).toMatch(/^application\/json/);
    const { title, lines, ...facts } = json;
    expect(facts).toEqual({ ...EVENT, at: '2026-05-28T20:26:40.000Z', language: 'en' });
    expect(title).toBe(TITLE);
    expect(lines).toContain('Account: default');
  });

  it('dingtalk: timestamp in milliseconds and sign in the address, beside the token', async () => {
    const { delivery, url, json } = await send('dingtalk', '/robot/send?access_token=abc%2Bdef');
    expect(delivery.isOk).toBe(true);
    expect(url.searchParams.get('access_token')).toBe('abc+def');
    expect(url.searchParams.get('timestamp')).toBe(String(NOW));
    const sign = await hmacOf(SECRET, `${NOW}\n${SECRET}`, 'base64');
    expect(url.searchParams.get('sign')).toBe(sign);
    expect(url.search).toContain(`sign=${encodeURIComponent(sign)}`);
    expect(json.msgtype).toBe('text');
    expect(json.text.content).toContain(TITLE);
  });

  it('feishu: timestamp in seconds and sign in the body, rich text', async () => {
    const { delivery, json } = await send('feishu', '/open-apis/bot/v2/hook/abc', { language: 'zh' });
    expect(delivery.isOk).toBe(true);
    expect(json.timestamp).toBe('1780000000');
    expect(json.sign).toBe(await hmacOf(`1780000000\n${SECRET}`, '', 'base64'));
    expect(json.msg_type).toBe('post');
    const { title, content } = json.content.post.zh_cn;
    expect(title).toBe('[isv-onboarding] 阿里云拒绝该账号:Account<Unpaid>');
    expect(content[0]).toEqual([{ tag: 'text', text: '账号: default' }]);
  });

  it('slack: blocks of plain text, and a text without markup of others', async () => {
    const { delivery, json } = await send('slack', '/services/T/B/x', { secret: undefined });
    expect(delivery.isOk).toBe(true);
    expect(json.blocks[0]).toEqual({
      type: 'header',
      text: { type: 'plain_text', text: TITLE, emoji: false },
    });
    expect(json.text).toContain('Account&lt;Unpaid&gt;');
    expect(json.text).toContain('Pay &amp; wait.');
  });

  it('wecom: a text of at most 2,048 bytes', async () => {
    const { delivery, url, json } = await send('wecom', '/cgi-bin/webhook/send?key=1', { secret: undefined });
    expect(delivery.isOk).toBe(true);
    expect(url.search).toBe('?key=1');
    expect(json.msgtype).toBe('text');
    expect(Buffer.byteLength(json.text.content)).toBeLessThanOrEqual(2_048);
    expect(json.text.content).toContain(TITLE);
  });

  it('without a secret, nothing is signed', async () => {
    const webhook = await send('webhook', '/', { secret: undefined });
    expect(webhook.headers['onboard-signature']).toBeUndefined();
    const dingtalk = await send('dingtalk', '/?access_token=abc', { secret: undefined });
    expect(dingtalk.url.search).toBe('?access_token=abc');
    expect((await send('feishu', '/', { secret: undefined })).json).not.toHaveProperty('sign');
  });
});

describe('what a receiver answers', () => {
  it.each([
    ['dingtalk', { errcode: 310000, errmsg: 'sign not match' }, 'errcode 310000: sign not match'],
    ['feishu', { code: 19021, msg: 'sign match fail' }, 'code 19021: sign match fail'],
    ['wecom', { errcode: 93000, errmsg: 'invalid webhook url' }, 'errcode 93000: invalid webhook url'],
    ['wecom', 'no JSON', 'HTTP 200 without errcode'],
  ] as const)('%s says in a body of HTTP 200 that it failed', async (type, body, text) => {
    const { origin } = await startReceiver((response) => response.end(JSON.stringify(body)));
    expect(await deliver(receiverOf(type, origin), EVENT, { proxy: undefined })).toEqual({
      isOk: false,
      text,
    });
  });

  it('slack says it by the status, and what it says may repeat no secret', async () => {
    const { origin } = await startReceiver((response, { url }) => {
      response.statusCode = 404;
      response.end(`no_service: ${url.pathname}`);
    });
    const receiver = receiverOf('slack', `${origin}/services/T0/B0/token`, { secret: undefined });
    const delivery = await deliver(receiver, EVENT, { proxy: undefined });
    expect(delivery).toEqual({ isOk: false, text: 'HTTP 404: no_service: …' });
  });

  it('an answer without end, and one that does not come, are given up', async () => {
    const endless = await startReceiver((response) => response.end('x'.repeat(1_000_000)));
    const silent = await startReceiver(() => undefined);
    const [first, second] = await Promise.all([
      deliver(receiverOf('webhook', endless.origin), EVENT, { proxy: undefined }),
      deliver(receiverOf('webhook', silent.origin), EVENT, { proxy: undefined, withinMs: 200 }),
    ]);
    expect(first?.isOk).toBe(false);
    expect(second).toEqual({ isOk: false, text: 'no answer in time' });
  });

  it('a redirection is not followed', async () => {
    const other = await startReceiver();
    const { origin } = await startReceiver((response) => {
      response.writeHead(307, { location: other.origin }).end();
    });
    const delivery = await deliver(receiverOf('webhook', origin), EVENT, { proxy: undefined });
    expect(delivery).toEqual({ isOk: false, text: 'HTTP 307' });
    expect(other.received).toEqual([]);
  });
});
