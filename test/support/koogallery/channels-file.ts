/** A file for ONBOARD_KOOGALLERY, and an environment with the secrets that it names. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { OpenChannel } from '../../../src/koogallery/channels.ts';
import { KEY, KIT_KEY, PREVIOUS_KEY } from './marketplace.ts';

type Described = Pick<OpenChannel, 'slug' | 'generation'>;

export async function makeChannelsFile(...channels: Described[]): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-koogallery-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'channels.json');
  await writeFile(file, JSON.stringify(channels.map(describe)));
  const openApi = { KOO_AK: 'access', KOO_SK: 'secret' };
  return {
    ...{ ONBOARD_KOOGALLERY: file, KOO_KEY: KEY, KOO_PREVIOUS: PREVIOUS_KEY, KOO_SECRET: 'hook' },
    KOO_KIT: KIT_KEY,
    ...(channels.some(uploads) && openApi),
  };
}

/** Licenses for online activation are uploaded, so there must be a way. */
const uploads = ({ generation }: Described) => generation === 'license-online';

function describe({ slug, generation }: Described) {
  const openApi = { accessKey: { env: 'KOO_AK' }, secretKey: { env: 'KOO_SK' }, host: 'http://127.0.0.1:1' };
  return {
    ...{ slug, generation, site: 'cn', key: { env: 'KOO_KEY' }, previousKey: { env: 'KOO_PREVIOUS' } },
    ...(generation.startsWith('saas') && { kitKey: { env: 'KOO_KIT' } }),
    ...{ chargingModes: ['period'], frontEndUrl: 'https://app.example/i/{instanceId}' },
    provision: { webhook: 'https://seller.example/hook', secret: { env: 'KOO_SECRET' } },
    ...(uploads({ slug, generation }) && { openApi }),
  };
}
