/**
 * The load of `npm run bench -- koogallery`: calls of the marketplace at a steady rate, each sent when it is due, whether or
 * not those before it were answered. Prints one line of JSON. `koogallery-load.ts URL PER_SECOND SECONDS`
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setImmediate as answersIn, setTimeout as sleep } from 'node:timers/promises';
import { v2Signature } from '../../src/koogallery/protocol/body-signature.ts';
import { writeQuery } from '../../src/koogallery/protocol/query.ts';
import { KEY } from './koogallery-channel.ts';

const [url = '', perSecond = '500', seconds = '60'] = process.argv.slice(2);
/** Not counted: connections are made, and code is compiled. */
const WARM_UP_MS = 5_000;
const agent = new Agent({ keepAlive: true, maxSockets: 128 });

interface Measured {
  /** From the moment at which it was due. */
  ms: number;
  code: string;
}

const measured: Measured[] = [];
const bought: string[] = [];
let count = 0;

/** What a day brings: purchases, half of them sent again, polls, and changes of what was bought. */
function nextBody(): Record<string, string> {
  const number = count++;
  const known = bought[number % Math.max(1, bought.length)] ?? 'none';
  const order = { orderId: `CS${number}`, orderLineId: `CS${number}-000001` };
  if (number % 4 === 0 || bought.length === 0) {
    return { activity: 'newInstance', ...order, businessId: `b-${order.orderId}` };
  }
  const instanceId = `b-${known}`;
  if (number % 8 === 1)
    return {
      activity: 'newInstance',
      orderId: known,
      orderLineId: `${known}-000001`,
      businessId: randomUUID(),
    };
  if (number % 8 === 2)
    return {
      activity: 'updateInstanceStatus',
      instanceId,
      status: number % 16 === 2 ? 'FREEZE' : 'UNFREEZE',
    };
  if (number % 8 === 3)
    return {
      activity: 'refreshInstance',
      ...order,
      instanceId,
      scene: 'RENEWAL',
      expireTime: '20991231000000',
    };
  return { activity: 'queryInstance', instanceId };
}

function send(): Promise<string> {
  const body = nextBody();
  const payload = JSON.stringify(body);
  const [nonce, timestamp] = [randomUUID(), String(Date.now())];
  const query = writeQuery({ signature: v2Signature(KEY, { nonce, timestamp, payload }), timestamp, nonce });
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json;charset=utf8', 'content-length': payload.length };
    const sent = request(`${url}?${query}`, { agent, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      response.on('end', () => {
        const isNew = body.activity === 'newInstance' && text.includes(`"instanceId":"${body.businessId}"`);
        if (isNew && body.orderId !== undefined) bought.push(body.orderId);
        resolve(/"resultCode":"(\d{6})"/.exec(text)?.[1] ?? 'none');
      });
    });
    sent.on('error', () => resolve('none'));
    sent.end(payload);
  });
}

const startedAt = performance.now();
const totalMs = WARM_UP_MS + Number(seconds) * 1_000;
const running = new Set<Promise<void>>();
for (let number = 0; ; number += 1) {
  const dueAt = startedAt + (number * 1_000) / Number(perSecond);
  if (dueAt - startedAt >= totalMs) break;
  const waitMs = dueAt - performance.now();
  // Late, it still has to take the answers that are there.
  await (waitMs > 0 ? sleep(waitMs) : answersIn());
  const isCounted = dueAt - startedAt >= WARM_UP_MS;
  const sending = send().then((code) => {
    if (isCounted) measured.push({ ms: performance.now() - dueAt, code });
  });
  running.add(sending);
  sending.finally(() => running.delete(sending));
}
await Promise.all(running);
const codes: Record<string, number> = {};
for (const { code } of measured) codes[code] = (codes[code] ?? 0) + 1;
const sorted = measured.map(({ ms }) => ms).sort((a, b) => a - b);
const quantile = (share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
process.stdout.write(
  `${JSON.stringify({ calls: sorted.length, codes, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max: sorted.at(-1) })}\n`,
);
process.exit(0);
