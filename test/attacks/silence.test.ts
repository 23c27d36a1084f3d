/** A Redis that silently stops answering, at full length: a hundred customers, and five idle minutes. */
import { describe, expect, inject, it, vi } from 'vitest';
import { prefixOf } from '../../src/redis/keys.ts';
import { makeCustomers } from '../support/customers.ts';
import { expectEveryDoubleFlagged, finishDuringFreeze } from '../support/frozen-master.ts';
import { importRows, startWorkerProgram } from '../support/programs.ts';
import { startCluster, startSingleRedis, startWatchedRedis } from '../support/redis-servers.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { waitForPeer } from '../support/waiting.ts';
import { createWorld } from '../support/world.ts';

const ROWS = 100;
/** The three queues of an idle worker wait for five seconds each time. */
const WAITS_IN_FIVE_MINUTES = 180;
const FINISHED_MS_MAX = 240_000;

describe.skipIf(!inject('hasRedisServer'))('a frozen master', () => {
  it('watched by a Sentinel is abandoned while it is frozen', async () => {
    const watched = await startWatchedRedis();
    await finishDuringFreeze(await createWorld({ redisUrl: watched.url }), watched, ROWS);
  });

  it('that holds the slot of the account is abandoned while it is frozen', async () => {
    const cluster = await startCluster();
    const world = await createWorld({ redisUrl: cluster.url });
    await finishDuringFreeze(world, await cluster.addReplica(prefixOf(world.account.ledger)), ROWS);
  });
});

it('connections that keep going silent cost only time', async () => {
  const proxy = await startTcpProxy(inject('redisUrl'));
  const world = await createWorld();
  await startWorkerProgram(world, { REDIS_URL: proxy.url });
  const batchId = await importRows(world, makeCustomers(ROWS));
  for (const accepted of [5, 30, 60, 90]) {
    await waitForPeer(world, (record) => record.accepted.length >= accepted);
    proxy.silence();
  }
  const check = async () => {
    const { state, counts } = await world.open.ledger.requireBatch(batchId);
    expect([state, counts.submitted]).toEqual(['finished', ROWS]);
  };
  await vi.waitFor(check, { timeout: FINISHED_MS_MAX, interval: 100 });
  await expectEveryDoubleFlagged(world, batchId);
});

it.skipIf(!inject('hasRedisServer'))(
  'an idle worker logs nothing for five minutes, and keeps its connections',
  async () => {
    // Of its own: a worker tells of all that is left of others on its Redis.
    const { url: redisUrl } = await startSingleRedis();
    const proxy = await startTcpProxy(redisUrl);
    const world = await createWorld({ redisUrl });
    const worker = await startWorkerProgram(world, { REDIS_URL: proxy.url });
    await worker.says('upkeep_taken');
    await proxy.hears('bzpopmin');
    const said = worker.output.stderr;
    const connections = proxy.count;
    for (let wait = 0; wait < WAITS_IN_FIVE_MINUTES; wait++) await proxy.hears('bzpopmin');
    expect(worker.output.stderr).toBe(said);
    expect(proxy.count).toBe(connections);
  },
);
