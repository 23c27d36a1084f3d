/**
 * 1,000 customers, three workers of which one is killed every 3 s, a Redis that is killed twice, and a fault of some
 * kind in a fifth of all calls. Afterwards every row must have a true outcome, and whatever the peer accepted twice
 * must be flagged. Needs `redis-server` on PATH: the Redis of the others cannot be restarted.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLedger } from '../../src/ledger/ledger.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { freePort, startRedisServer } from '../../src/sandbox/local-redis.ts';
import type { FaultRuleInput } from '../../src/sandbox/simulator/faults.ts';
import { renderTable } from '../../src/text.ts';
import { type Running, startWorker, stop } from './processes.ts';
import { openStage } from './stage.ts';

const CUSTOMERS = 1_000;
const WORKERS = 3;
const KILL_EVERY_MS = 3_000;
const REDIS_RESTARTS_AT_S = [40, 100];
/** Rules are asked in order, so later ones get a little less than their share; together a fifth. */
const FAULTS: FaultRuleInput[] = [
  ...(
    [
      'dropBefore',
      'dropAfter',
      'hangAfter',
      'truncated',
      'html502',
      'empty500',
      'status302',
      'limitIn200',
    ] as const
  ).map((kind) => ({ operation: 'submit' as const, kind, share: 0.025 })),
  { operation: 'submit', kind: 'error', code: 'InvalidParameter.Format', share: 0.01 },
  ...(
    [
      'dropBefore',
      'dropAfter',
      'hangBefore',
      'truncated',
      'html502',
      'empty500',
      'status302',
      'limitIn200',
      'expireShort',
    ] as const
  ).map((kind) => ({ operation: 'authorize' as const, kind, share: 0.023 })),
  ...(['dropBefore', 'dropAfter', 'hangAfter', 'wrongEtag', 'noEtag'] as const).map((kind) => ({
    operation: 'put' as const,
    kind,
    share: 0.03,
  })),
  { operation: 'put', kind: 'error', code: 'ServiceUnavailable', status: 503, share: 0.03 },
  { operation: 'put', kind: 'error', code: 'SecurityTokenExpired', status: 403, share: 0.03 },
];

export async function benchChaos(_redisUrl: string): Promise<string> {
  const redisFolder = await mkdtemp(join(tmpdir(), 'onboard-chaos-'));
  const port = await freePort();
  let redisServer = await startRedisServer('redis-server', port, redisFolder);
  const stage = await openStage(
    redisServer.url,
    { latencyMs: 40, faults: FAULTS },
    {
      ONBOARD_LOCK_SECONDS: '5',
      CHATAPP_TIMEOUT_MS: '2000',
      OSS_TIMEOUT_MS: '2000',
    },
  );
  const redis = connectRedis(redisServer.url, { waitsForever: true });
  const ledger = createLedger(redis, stage.account);
  await stage.importCustomers(CUSTOMERS);
  const batchId = (await ledger.listBatches(1))[0]?.id ?? '';
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => startWorker(stage.environment)));
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const tally = { kills: 0, restarts: 0, samples: 0, wrongSums: 0 };

  let isDone = false;
  const killing = (async () => {
    while (!isDone) {
      await sleep(KILL_EVERY_MS);
      const index = Math.floor(Math.random() * WORKERS);
      (workers[index] as Running).child.kill('SIGKILL');
      tally.kills++;
      workers[index] = await startWorker(stage.environment);
    }
  })();
  while (!isDone) {
    await sleep(250);
    if (
      tally.restarts < REDIS_RESTARTS_AT_S.length &&
      seconds() > (REDIS_RESTARTS_AT_S[tally.restarts] as number)
    ) {
      await redisServer.stop();
      redisServer = await startRedisServer('redis-server', port, redisFolder);
      tally.restarts++;
    }
    const batch = await ledger.requireBatch(batchId);
    const sum = Object.values(batch.counts).reduce((total, count) => total + count, 0);
    tally.samples++;
    if (sum !== CUSTOMERS) tally.wrongSums++;
    isDone = batch.state === 'finished';
    if (tally.samples % 120 === 0)
      process.stderr.write(`${seconds().toFixed(0)} s ${JSON.stringify(batch.counts)}\n`);
  }
  const took = seconds();
  await killing;
  await Promise.all(workers.map(stop));
  const report = await judge(
    stage.simulator.state.record.accepted.map(({ custSpaceId }) => custSpaceId),
    ledger,
    batchId,
  );
  redis.disconnect();
  await redisServer.stop();
  await rm(redisFolder, { recursive: true });
  const { submit, authorize } = stage.simulator.state.record.summary();
  await stage.close();
  return renderTable([
    ['seconds', took.toFixed(0)],
    ['workers killed', String(tally.kills)],
    ['Redis restarts', String(tally.restarts)],
    ['samples of the counts, not adding up', `${tally.samples}, ${tally.wrongSums}`],
    ['calls authorize, submit', `${authorize.calls}, ${submit.calls}`],
    ...Object.entries(report).map(([name, value]) => [name, String(value)]),
  ]);
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
  for await (const { record, input } of ledger.iterateRows(batchId)) {
    const count = times.get(input.values[0] ?? '') ?? 0;
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
