/** A channel that reports usage, as the configuration of a process: with a file for ONBOARD_KOOGALLERY. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { SELLER } from './seller.ts';

/** @param origin of the simulated open APIs */
export async function makeUsageChannel(slug: string, origin: string): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-usage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'koogallery.json');
  const channel = {
    slug,
    generation: 'saas-v2',
    site: 'cn',
    key: { env: 'KOO_KEY' },
    chargingModes: ['on-demand'],
    frontEndUrl: 'https://app.example.com/{instanceId}',
    provision: { none: true },
    openApi: { accessKey: { env: 'KOO_AK' }, secretKey: { env: 'KOO_SK' }, host: origin },
  };
  await writeFile(file, JSON.stringify([channel]));
  const secrets = { KOO_KEY: SELLER.key, KOO_AK: SELLER.accessKey, KOO_SK: SELLER.secretKey };
  return { ONBOARD_KOOGALLERY: file, ...secrets };
}
