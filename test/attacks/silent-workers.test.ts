/** Workers whose connections to Redis go silent without closing, while new ones work. */
import { expect, inject, it } from 'vitest';
import { makeCustomers } from '../support/customers.ts';
import { expectEveryDoubleFlagged } from '../support/frozen-master.ts';
import { importRows, startProgram, startWorkerProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld } from '../support/world.ts';

/** Waits of an idle worker: its three queues block for five seconds each time, together longer than any timeout. */
const IDLE_WAITS = 10;

it('finish the batch, and flag what they may have sent twice', async () => {
  const proxy = await startTcpProxy(inject('redisUrl'));
  const world = await createWorld();
  const worker = await startWorkerProgram(world, { REDIS_URL: proxy.url });
  const batchId = await importRows(world, makeCustomers(20));
  await waitForPeer(world, (record) => record.accepted.length >= 3);
  proxy.silence();
  expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(20);
  await expectEveryDoubleFlagged(world, batchId);
  expect(worker.output.stderr).toContain('Socket timeout');
});

it.skipIf(!inject('hasRedisServer'))(
  'log nothing and keep their connections while they are idle',
  async () => {
    // Of its own: a worker tells of all that is left of others on its Redis.
    const { url: redisUrl } = await startSingleRedis();
    const proxy = await startTcpProxy(redisUrl);
    const world = await createWorld({ redisUrl });
    const worker = await startWorkerProgram(world, { REDIS_URL: proxy.url });
    // The last line that it logs on its own.
    await worker.says('upkeep_taken');
    const said = worker.output.stderr;
    await proxy.hears('bzpopmin');
    const connections = proxy.count;
    for (let wait = 0; wait < IDLE_WAITS; wait++) await proxy.hears('bzpopmin');
    expect(worker.output.stderr).toBe(said);
    expect(proxy.count).toBe(connections);
  },
);

it('exit within their grace period if Redis stays silent', async () => {
  const proxy = await startTcpProxy(inject('redisUrl'));
  const world = await createWorld({ environment: { ONBOARD_GRACE_SECONDS: '6' } });
  const worker = startProgram(world, ['worker'], { LOG_LEVEL: 'info', REDIS_URL: proxy.url });
  await worker.says('workers_started');
  await proxy.hears('bzpopmin');
  proxy.silenceAll();
  worker.signal('SIGTERM');
  expect((await worker.ended).code).toBe(0);
});
