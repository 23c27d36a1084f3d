/** Our receiver on a port, and how a probe reaches it. */
import type { OpenChannel } from '../../../src/koogallery/channels.ts';
import type { Generation } from '../../../src/koogallery/protocol/intent.ts';
import { addLicenses } from '../../../src/koogallery/registry/add-licenses.ts';
import { listInstances } from '../../../src/koogallery/registry/list-instances.ts';
import type { RedisClient } from '../../../src/redis/connect.ts';
import type { ProbeReport } from '../../../src/sandbox/koogallery/report.ts';
import { KEY, KIT_KEY, openMarketplace, PREVIOUS_KEY } from './marketplace.ts';

const KEYS = { current: KEY, previous: PREVIOUS_KEY, kit: KIT_KEY };
const REPEAT = 3;
/** In order, and out of it. */
export const SHUFFLES = [undefined, 11] as const;

/** @param changes of its channel, which by default needs nobody to make an instance ready */
export async function listenAsSeller(
  generation: Generation,
  changes: Partial<OpenChannel> = {},
  redis?: RedisClient,
) {
  const channel = { generation, provision: { kind: 'none' }, ...changes } as const;
  const { app, access } = await openMarketplace({ channel, ...(redis && { redis }) });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  if (generation === 'license-v1')
    await addLicenses(
      access,
      Array.from({ length: 20 }, (_, n) => `L-${n}`),
    );
  const endpoint = new URL(`${address}/koogallery/${access.slug}`);
  const instances = async () => (await listInstances(access, { limit: 100 })).instances;
  return { access, terms: { endpoint, generation, keys: KEYS, repeat: REPEAT, timeScale: 1e-4 }, instances };
}

/**
 * Everything that is not as expected, in words. How long answers take on this machine is left out: the bench measures that,
 * and a test of the checks shows that a late one is told.
 */
export const faultsOf = ({ activities }: ProbeReport): string[] =>
  activities.flatMap(({ activity, checks }) =>
    checks
      .filter(({ check, result }) => result !== 'pass' && check !== 'time')
      .map(({ check, result, came }) => `${activity} ${check} ${result}: ${came.join(' | ')}`),
  );
