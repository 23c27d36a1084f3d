/**
 * The least rights: what people, workers, pages and the marketplace do, by a user who may do exactly what the list says.
 * Nothing is refused, and nothing is on the list that the server has not counted, unless it is said why.
 */
import { expect, inject, it } from 'vitest';
import { PersistentCaller } from '../../scripts/bench/koogallery-orders.ts';
import { aclRule, RIGHTS } from '../../src/redis/rights.ts';
import { makeCustomers } from '../support/customers.ts';
import { KEY } from '../support/koogallery/marketplace.ts';
import { openShop } from '../support/koogallery/processes.ts';
import { makeApp } from '../support/pages.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { askServer, startSingleRedis } from '../support/redis-servers.ts';
import { waitForBatch } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

const ROWS = 6;
const CALLS = 30;
const TODAY = new Date().toISOString().slice(0, 10);
const GROUPS = ['work', 'durability', 'telling', 'database', 'koogallery'] as const;
/** Of Redis 7.2; that of the test may be older. */
const SINCE_7_2 = ['waitaof'];
/** What this run need not bring about, and what it is for: our code, or a script of BullMQ. */
const SELDOM: Record<string, string> = {
  bitpos: 'since when the oldest row waits: metrics of a batch under way',
  hscan: 'agreements that are still needed, reviews of an older version',
  lpop: 'a license code for a buyer',
  lpos: 'getStateV2 of BullMQ: where a job is that an older version added',
  persist: 'an outage of the peer',
  rename: 'pause of BullMQ: jobs without a priority that wait',
  rpop: 'getCounts and getRanges of BullMQ: markers of an older version',
  srandmember: 'a license code for a buyer',
  wait: 'a replica',
  xrange: 'events of a batch, from a place on',
  xread: 'events of a batch, as they come',
  zmscore: 'reviews of several rows at once',
  zrangebylex: 'a search for instances',
};

async function startRestricted() {
  const { server } = await startSingleRedis(['--acllog-max-len', '1000']);
  const ask = (...command: [string, ...string[]]) => askServer(server.port, ...command);
  const isOld = !/redis_version:(7\.[2-9]|[89])/.test(await ask('INFO', 'server'));
  const rule = aclRule(GROUPS, isOld ? SINCE_7_2 : []);
  await ask('ACL', 'SETUSER', 'onboard', '>few-rights', ...rule.split(' '));
  await ask('CONFIG', 'RESETSTAT');
  return {
    url: `redis://onboard:few-rights@127.0.0.1:${server.port}/1`,
    denied: () => ask('ACL', 'LOG'),
    /** @returns of the list, what was never called, by scripts neither */
    async findUncalled() {
      const counted = await ask('INFO', 'commandstats');
      const called = Array.from(counted.matchAll(/cmdstat_([^:]+):calls=[1-9]/g), ([, name = '']) => name);
      const listed = GROUPS.flatMap((group): readonly string[] => RIGHTS[group]);
      return listed.filter((name) => !called.includes(name) && !(isOld && SINCE_7_2.includes(name))).sort();
    },
  };
}

/** Each line as a person types it. */
async function type(world: World, ...lines: string[]): Promise<void> {
  for (const line of lines) {
    const { code, stdout, stderr } = await runProgram(world, line.split(' '));
    const said = `${stdout}${stderr}`;
    expect({ line, code, said }).toMatchObject({
      code: 0,
      said: expect.not.stringMatching(/NOPERM|may not/),
    });
  }
}

/** A failure that is retried, an answer that is lost, and what people do meanwhile. */
async function useBatches(world: World): Promise<void> {
  const batch = await importRows(world, makeCustomers(ROWS));
  await waitForBatch(world, batch, ({ counts }) => counts.failed > 0);
  await type(world, 'pause');
  const other = await importRows(world, makeCustomers(ROWS + 3).slice(ROWS));
  await type(
    world,
    ...[`pause ${other}`, `priority ${other} --set 10`, `resume ${other}`, `cancel ${other}`, 'resume'],
    ...[
      `retry ${batch} --all-failed`,
      `status ${batch} --watch`,
      `log ${batch}`,
      `results ${batch} --failed`,
    ],
    `review ${batch} --row 3 --as approved --date ${TODAY} --evidence seen`,
    ...['customer C100001', 'reviews --older-than 0', 'status', 'schedule --cron off', 'batches'],
    ...['key add grafana --role viewer', 'key list', 'key revoke grafana', `purge ${batch} --yes`],
  );
}

/** bull-board, which may write, and metrics. */
async function usePages(world: World): Promise<void> {
  await importRows(world, makeCustomers(ROWS + 5).slice(ROWS + 3));
  const app = await makeApp(world, { ONBOARD_BOARD_WRITE: 'true' });
  const name = `uploads.rehearsal.${world.account.name}`;
  const list = (state: string) => `/queues/api/queues?activeQueue=${name}&status=${state}&page=1`;
  for (const url of ['latest', 'prioritized', 'delayed', 'active', 'waiting', 'completed', 'paused'].map(
    list,
  ))
    expect((await app.inject(url)).statusCode).toBe(200);
  for (const url of ['/metrics', '/readyz', '/v1/batches'])
    expect((await app.inject(url)).statusCode, url).toBe(200);
  for (const action of ['pause', 'resume']) {
    const write = { method: 'PUT', url: `/queues/api/queues/${name}/${action}` } as const;
    expect((await app.inject(write)).statusCode).toBe(200);
  }
}

/** The marketplace calls, a worker does what follows, and its seller looks. */
async function useKooGallery(redisUrl: string): Promise<void> {
  const shop = await openShop({ redisUrl, generations: ['saas-v2'], chargingModes: ['period'] });
  const { port } = await shop.serve();
  await shop.work();
  const urls = shop.stands.map(({ at }) => at(port).href);
  const caller = new PersistentCaller({ urls, key: KEY, perSecond: 20, retryMs: 100 });
  const stop = new AbortController();
  const running = caller.run(stop.signal);
  await expect.poll(() => caller.acknowledged, { timeout: 120_000 }).toBeGreaterThan(CALLS);
  stop.abort();
  await running;
  await expect.poll(() => shop.webhook.calls.length, { timeout: 120_000 }).toBeGreaterThan(CALLS / 2);
}

it.skipIf(!inject('hasRedisServer'))('are enough for everything, and no more than that', async () => {
  const restricted = await startRestricted();
  const world = await createWorld({
    redisUrl: restricted.url,
    environment: { ONBOARD_DURABILITY: 'durable' },
    faults: [
      { operation: 'submit', kind: 'error', code: 'InvalidParameter.Format', match: 'C100001', times: 1 },
      { operation: 'submit', kind: 'dropAfter', match: 'C100002', times: 1 },
      { operation: 'put', kind: 'error', code: 'ServiceUnavailable', status: 503, times: 1 },
    ],
  });
  await startWorkerProgram(world);
  await useBatches(world);
  await usePages(world);
  await useKooGallery(restricted.url);
  expect((await restricted.findUncalled()).filter((name) => !(name in SELDOM))).toEqual([]);
  // It tries every command, which would count as a call.
  await type(world, 'doctor');
  expect(await restricted.denied()).toBe('');
});
