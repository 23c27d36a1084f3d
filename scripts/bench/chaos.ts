/**
 * 1,000 customers, three workers of which one is killed every 3 s, two failovers of Redis, an outage of Chat App and one
 * of OSS, and a fault of some kind in a fifth of all calls. Afterwards every row must have a true outcome, and whatever the
 * peer accepted twice must be flagged. Needs `redis-server` on PATH: the Redis of the others cannot be killed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createLedger } from '../../src/ledger/ledger.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { ledgerNameOf } from '../../src/redis/keys.ts';
import type { Simulator } from '../../src/sandbox/simulator/simulator.ts';
import { renderTable } from '../../src/text.ts';
import { CHAOS_FAULTS } from './chaos-faults.ts';
import { startWorker } from './processes.ts';
import { openStage } from './stage.ts';
import { openWatchedRedis, type WatchedRedis } from './watched-redis.ts';

const CUSTOMERS = 1_000;
const WORKERS = 3;
const KILL_EVERY_MS = 3_000;
const TIMEOUTS = { ONBOARD_LOCK_SECONDS: '5', CHATAPP_TIMEOUT_MS: '2000', OSS_TIMEOUT_MS: '2000' };
const ENVIRONMENT = { ...TIMEOUTS, ONBOARD_DURABILITY: 'durable' };

/** What happens when, in seconds. */
const EVENTS: readonly { atS: number; happens: (redis: WatchedRedis, peer: Simulator) => Promise<void> }[] = [
  { atS: 40, happens: (redis) => redis.failOver() },
  { atS: 80, happens: (_redis, peer) => peer.refuse('chatApp') },
  { atS: 110, happens: (_redis, peer) => peer.listen('chatApp') },
  { atS: 150, happens: (redis) => redis.failOver() },
  { atS: 190, happens: (_redis, peer) => peer.refuse('oss') },
  { atS: 220, happens: (_redis, peer) => peer.listen('oss') },
];
const SAMPLE_EVERY_MS = 250;
/** So many samples between two lines on the screen: half a minute. */
const SAMPLES_PER_LINE = 120;

export async function benchChaos(_redisUrl: string): Promise<string> {
  const server = await openWatchedRedis();
  const stage = await openStage(server.url, { latencyMs: 40, faults: CHAOS_FAULTS }, ENVIRONMENT);
  const redis = connectRedis(server.url, { waitsForever: true });
  const ledger = createLedger(redis, ledgerNameOf('rehearsal', stage.account));
  await stage.importCustomers(CUSTOMERS);
  const batchId = (await ledger.listBatches(1))[0]?.id ?? '';
  const killing = await startKilling(stage.environment);
  const { seconds, ...samples } = await watch(ledger, batchId, (happens) => happens(server, stage.simulator));
  const kills = await killing.stop();
  const { record } = stage.simulator.state;
  const report = await judge(
    record.accepted.map(({ custSpaceId }) => custSpaceId),
    ledger,
    batchId,
  );
  redis.disconnect();
  await server.close();
  await stage.close();
  const { submit, authorize } = record.summary();
  return renderTable([
    ['seconds', seconds.toFixed(0)],
    ['workers killed', String(kills)],
    ['failovers, outages', '2, 2'],
    ['events of these', `${samples.events} of ${EVENTS.length}`],
    ['samples of the counts, not adding up', `${samples.taken}, ${samples.wrongSums}`],
    ['calls authorize, submit', `${authorize.calls}, ${submit.calls}`],
    ...Object.entries(report).map(([name, value]) => [name, String(value)]),
  ]);
}

/** Workers of which one after the other is killed and replaced, until `stop`, which says how many were. */
async function startKilling(env: NodeJS.ProcessEnv): Promise<{ stop(): Promise<number> }> {
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => startWorker(env)));
  let isStopped = false;
  async function killOneByOne(): Promise<number> {
    let kills = 0;
    for (; !isStopped; kills++) {
      await sleep(KILL_EVERY_MS);
      const index = Math.floor(Math.random() * WORKERS);
      await workers[index]?.kill();
      workers[index] = await startWorker(env);
    }
    return kills;
  }
  const killing = killOneByOne();
  return {
    async stop() {
      isStopped = true;
      const kills = await killing;
      await Promise.all(workers.map((worker) => worker.stop()));
      return kills;
    },
  };
}

/** Until the batch is finished: lets the events happen in their time, and adds the counts up again and again. */
async function watch(
  ledger: ReturnType<typeof createLedger>,
  batchId: string,
  perform: (happens: (typeof EVENTS)[number]['happens']) => Promise<void>,
) {
  const begun = performance.now();
  const tally = { seconds: 0, events: 0, taken: 0, wrongSums: 0 };
  for (let isDone = false; !isDone; ) {
    await sleep(SAMPLE_EVERY_MS);
    tally.seconds = (performance.now() - begun) / 1000;
    const next = EVENTS[tally.events];
    if (next !== undefined && tally.seconds > next.atS) {
      await perform(next.happens);
      tally.events++;
    }
    const { counts, state } = await ledger.requireBatch(batchId);
    tally.taken++;
    if (Object.values(counts).reduce((sum, count) => sum + count, 0) !== CUSTOMERS) tally.wrongSums++;
    isDone = state === 'finished';
    if (tally.taken % SAMPLES_PER_LINE === 0)
      process.stderr.write(`${tally.seconds.toFixed(0)} s ${JSON.stringify(counts)}\n`);
  }
  return tally;
}

async function judge(accepted: readonly string[], ledger: ReturnType<typeof createLedger>, batchId: string) {
  const times = new Map<string, number>();
  for (const id of accepted) times.set(id, (times.get(id) ?? 0) + 1);
  const report = {
    submitted: 0,
    failed: 0,
    'other outcomes': 0,
    'submitted but unknown to the peer': 0,
    'failed without a reason': 0,
    'failed but accepted, unflagged': 0,
    'accepted twice, flagged': 0,
    'accepted twice, unflagged': 0,
    parked: 0,
  };
  for await (const { record } of ledger.iterateRows(batchId)) {
    const count = times.get(record.custSpaceId) ?? 0;
    if (record.outcome === 'submitted') report.submitted++;
    else if (record.outcome === 'failed') report.failed++;
    else report['other outcomes']++;
    if (record.outcome === 'submitted' && count === 0) report['submitted but unknown to the peer']++;
    if (record.outcome === 'failed' && !record.code) report['failed without a reason']++;
    if (record.outcome === 'failed' && count > 0 && record.ambiguous === 0)
      report['failed but accepted, unflagged']++;
    if (count > 1 && record.ambiguous > 0) report['accepted twice, flagged']++;
    if (count > 1 && record.ambiguous === 0) report['accepted twice, unflagged']++;
    if (record.parked) report.parked++;
  }
  return report;
}
