/**
 * Many accounts at full rate: how many customers a second, what a customer and an account cost, and whether the limit of
 * every account is kept when the machine has no time left. `scale 40` measures 40 accounts only,
 * `scale profile` says where the time of one worker goes.
 */
import { renderTable } from '../../src/text.ts';
import { profileScale } from './scale-profile.ts';
import { measureScale, type ScaleResult } from './scale-run.ts';

const ACCOUNTS = [10, 40, 200];
/** Of the same accounts, and of accounts that were dealt out; last the bare script. */
const RUNS = [{ workers: 1 }, { workers: 2 }, { workers: 2, isDealt: true }, { workers: 0 }];

export async function benchScale(redisUrl: string, only?: string): Promise<string> {
  if (only === 'profile') return profileScale(redisUrl);
  const chosen = only === undefined ? ACCOUNTS : [Number(only)];
  const results: ScaleResult[] = [];
  for (const accounts of chosen)
    for (const run of RUNS) {
      const result = await measureScale(redisUrl, { accounts, ...run });
      process.stderr.write(`${JSON.stringify(result)}\n`);
      results.push(result);
    }
  return [speed(results), cost(results), limits(results), slopes(results)].filter(Boolean).join('\n\n');
}

function nameOf({ workers, isDealt }: ScaleResult): string {
  if (workers === 0) return 'bare script';
  return workers === 1 ? '1 worker' : `${workers} workers${isDealt ? ', accounts dealt out' : ''}`;
}

function speed(results: readonly ScaleResult[]): string {
  const rows = results.map((result) => {
    const { accounts, customersPerSecond, cpuMs, cores } = result;
    const bare = results.find((other) => other.accounts === accounts && other.workers === 0);
    return [
      String(accounts),
      nameOf(result),
      `${customersPerSecond.toFixed(1)} of ${accounts * 5}`,
      (customersPerSecond / cores.ours).toFixed(0),
      cpuMs.ours.toFixed(2),
      (cpuMs.ours / (bare?.cpuMs.ours ?? Number.NaN)).toFixed(2),
      cpuMs.redis.toFixed(2),
      cpuMs.peers.toFixed(2),
      [cores.ours, cores.redis, cores.peers].map((share) => share.toFixed(2)).join(', '),
    ];
  });
  const header = ['accounts', '', 'customers/s', 'a core', 'CPU ms', '÷ bare', 'Redis ms', 'peers ms'];
  return renderTable([[...header, 'cores: ours, Redis, peers'], ...rows]);
}

const ours = (results: readonly ScaleResult[]) => results.filter(({ workers }) => workers > 0);

function cost(results: readonly ScaleResult[]): string {
  const rows = ours(results).map((result) => [
    String(result.accounts),
    nameOf(result),
    result.commands.toFixed(0),
    result.scripts.toFixed(1),
    String(result.connections),
    (result.connections / (result.isDealt ? 1 : result.workers) / result.accounts).toFixed(2),
    result.residentMiB.toFixed(0),
    result.heapMiB.toFixed(0),
  ]);
  const header = ['accounts', '', 'Redis commands', 'scripts', 'connections', 'an account and worker'];
  return renderTable([[...header, 'resident MiB', 'heap MiB after a collection'], ...rows]);
}

function limits(results: readonly ScaleResult[]): string {
  const rows = results.map((result) => [
    String(result.accounts),
    nameOf(result),
    String(result.calls),
    String(result.throttled),
    String(result.avoidable),
    String(result.mostLeft),
    String(result.mostArrived),
    result.fairness.join(', '),
    Object.entries(result.troubles)
      .map(([event, count]) => `${event} ${count}`)
      .join(', ') || 'none',
  ]);
  const header = ['accounts', '', 'limited calls', 'throttled', 'avoidable', 'most in 1 s: left', 'arrived'];
  return renderTable([[...header, 'done: fewest, median, most of an account', 'warnings'], ...rows]);
}

/** What one more account costs one process. */
function slopes(results: readonly ScaleResult[]): string | undefined {
  const single = results.filter(({ workers }) => workers === 1);
  const steps = single.slice(1).map((more, index) => {
    const fewer = single[index] ?? more;
    const each = (of: 'residentMiB' | 'heapMiB' | 'connections') =>
      ((more[of] - fewer[of]) / (more.accounts - fewer.accounts)).toFixed(2);
    const step = `${fewer.accounts} to ${more.accounts} accounts`;
    return [step, each('residentMiB'), each('heapMiB'), each('connections')];
  });
  if (steps.length === 0) return undefined;
  return renderTable([['one more account, from', 'resident MiB', 'heap MiB', 'connections'], ...steps]);
}
