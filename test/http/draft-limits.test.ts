/** What drafts and uploads may take of a server, and what two servers make of one draft. */
import { readdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { expect, inject, it, onTestFinished } from 'vitest';
import { uploadsIn } from '../../src/draft/uploads-folder.ts';
import { digestOf } from '../../src/http/idempotency/idempotency.ts';
import { beginAnswerScript } from '../../src/onboarding/begin-answer.ts';
import { answerKey } from '../../src/redis/keys.ts';
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { monitorRedis } from '../support/monitor.ts';
import { makeApp } from '../support/pages.ts';
import { batchParts, encodeParts, type Part, post } from '../support/uploads.ts';
import { createWorld } from '../support/world.ts';

/** As long as a server may hold a request without renewing that: more is taken for a clock that was set back. */
const HOLD_MS = 10_000;

const large = (filename: string, kilobytes = 600): Part => ({
  ...{ name: 'agreements', filename, content: Buffer.alloc(kilobytes * 1024, 'x') },
});

it('a draft holds no more agreements than one upload may, however they come', async () => {
  const app = await makeApp(await createWorld(), { ONBOARD_UPLOAD_MB: '1' });
  const { id } = (await post(app, '/v1/drafts', batchParts(makeCustomers(1)))).json();
  const add = async (part: Part, query = '') => {
    const { statusCode, body } = await post(app, `/v1/drafts/${id}/agreements${query}`, [part]);
    return [statusCode, JSON.parse(body).code];
  };
  expect(await add(large('a.pdf'))).toEqual([200, undefined]);
  // What is replaced takes no room.
  expect(await add(large('a.pdf', 700))).toEqual([200, undefined]);
  expect(await add(large('b.pdf'))).toEqual([413, 'BODY_TOO_LARGE']);
  expect(await add(large('b.pdf'), '?row=1')).toEqual([413, 'BODY_TOO_LARGE']);
  expect((await app.inject(`/v1/drafts/${id}`)).json()).toMatchObject({
    agreements: { files: 2 },
    page: [{ cells: { IsvTerms: 'agreement-1.pdf' } }],
  });
});

it('nobody has more checks under way than a few, and is told when to come again', async () => {
  const app = await makeApp(await createWorld());
  const { id } = (await post(app, '/v1/drafts', batchParts(makeCustomers(3)))).json();
  const url = `/v1/drafts/${id}`;
  for (const order of [
    { url } as const,
    { url, method: 'PATCH', payload: { leaveOut: [1] } } as const,
    { url: `${url}/errors.csv` } as const,
  ]) {
    const answers = await Promise.all(Array.from({ length: 30 }, () => app.inject(order)));
    const refused = answers.filter(({ statusCode }) => statusCode !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.length - refused.length).toBeGreaterThan(1);
    for (const { statusCode, headers, body } of refused)
      expect([statusCode, JSON.parse(body).code, Number(headers['retry-after']) > 0]).toEqual([
        ...[429, 'TOO_MANY_REQUESTS', true],
      ]);
    expect((await app.inject(order)).statusCode).toBe(200);
  }
});

it.each(['/v1/batches', '/v1/batches/validate', '/v1/drafts'])(
  'nobody sends more files to %s at a time than a few',
  async (url) => {
    const world = await createWorld();
    const app = await makeApp(world);
    const { headers, payload } = encodeParts(batchParts([makeCustomer(1)]));
    const sent = Array.from({ length: 6 }, () => {
      const endless = new Readable({ read: () => undefined });
      endless.push(payload.subarray(0, 200));
      // By itself it would not begin before somebody waits for it.
      const answer = Promise.resolve(app.inject({ method: 'POST', url, headers, payload: endless }));
      return { endless, answer };
    });
    const another = async () => {
      const { statusCode, headers: told } = await app.inject({ method: 'POST', url, headers, payload });
      return [statusCode, told['retry-after'], told.connection];
    };
    // Each in its place: one that came earlier than all of them would take one for good.
    const uploads = uploadsIn(world.environment.ONBOARD_DRAFTS ?? '');
    await expect.poll(() => readdir(uploads).catch(() => [])).toHaveLength(sent.length);
    expect(await another()).toEqual([429, '5', 'close']);
    for (const { endless } of sent) endless.push(null);
    for (const { answer } of sent) expect((await answer).statusCode).toBe(400);
    expect((await another())[0]).toBeLessThan(300);
  },
);

it('two servers make one batch of a draft, and both name it', async () => {
  const world = await createWorld();
  const apps = [await makeApp(world), await makeApp(world)];
  const [first] = apps;
  if (first === undefined) throw new Error('no server');
  const { id } = (await post(first, '/v1/drafts', batchParts(makeCustomers(3)))).json();
  const url = `/v1/drafts/${id}/import`;
  const answers = await Promise.all(
    apps.map((app, index) => app.inject({ method: 'POST', url, payload: { name: `Name ${index}` } })),
  );
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202]);
  expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(1);
  expect((await world.open.ledger.listBatches(10)).map(({ total }) => total)).toEqual([3]);
});

it('a server that was killed while it registered holds nobody up for long', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const { id } = (await post(app, '/v1/drafts', batchParts(makeCustomers(1)))).json();
  const key = answerKey(digestOf(['draft', id]));
  await beginAnswerScript.run(world.redis, [key], ['the dead', '', HOLD_MS, 86_400_000]);
  const asked = await countAsked(key);
  const imported = app.inject({ method: 'POST', url: `/v1/drafts/${id}/import` });
  // It asks again and again, and registers nothing meanwhile.
  await expect.poll(asked).toBeGreaterThan(1);
  expect(await world.open.ledger.listBatches(1)).toEqual([]);
  // As nobody renews it, its time is over one day.
  await world.redis.hset(key, 'until', '0');
  expect((await imported).statusCode).toBe(202);
});

/** @returns how often a script of Redis was asked about a key from now on */
async function countAsked(key: string): Promise<() => number> {
  let asked = 0;
  const stop = await monitorRedis(inject('redisUrl'), ({ command, values }) => {
    if (/^eval(sha)?$/.test(command) && values.some((value) => value.includes(key))) asked++;
  });
  onTestFinished(stop);
  return () => asked;
}
