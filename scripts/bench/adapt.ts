/** A peer that drops its limit to 3 calls per second for a minute and goes back: the interval and the throttled calls. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPacer } from '../../src/pace/pacer.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { renderTable } from '../../src/text.ts';
import { startWorker } from './processes.ts';
import { openStage } from './stage.ts';

const SAMPLE_EVERY_MS = 5_000;
const PHASES = [
  { limit: 5, seconds: 40 },
  { limit: 3, seconds: 60 },
  { limit: 5, seconds: 60 },
];

export async function benchAdapt(redisUrl: string): Promise<string> {
  const stage = await openStage(redisUrl, { latencyMs: 40 });
  const redis = connectRedis(redisUrl, { waitsForever: false });
  // Only looks at the pace: what it would begin with is of no consequence.
  const pacer = createPacer(redis, { account: stage.account, rate: 5, guardMs: 4, probeEveryMs: 60_000 });
  const workers = await Promise.all([1, 2, 3].map(() => startWorker(stage.environment)));
  await stage.importCustomers(900);
  const { options, record } = stage.simulator.state;
  const rows = [['second', 'limit', 'd (ms)', 'submits', 'throttled']];
  const begun = performance.now();
  for (const { limit, seconds } of PHASES) {
    options.rate = limit;
    for (let passed = 0; passed < seconds * 1000; passed += SAMPLE_EVERY_MS) {
      const from = performance.now();
      await sleep(SAMPLE_EVERY_MS);
      const { intervalMs = 0 } = await pacer.read('submit');
      const calls = record.arrivals.filter(({ operation, at }) => operation === 'submit' && at >= from);
      const throttled = calls.filter(({ answer }) => answer === 'Throttling.User').length;
      rows.push([
        ((performance.now() - begun) / 1000).toFixed(0),
        String(limit),
        intervalMs.toFixed(1),
        String(calls.length),
        String(throttled),
      ]);
    }
  }
  await Promise.all(workers.map((worker) => worker.stop()));
  redis.disconnect();
  await stage.close();
  return renderTable(rows);
}
