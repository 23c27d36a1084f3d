/** A file for ONBOARD_KOOGALLERY, and an environment with the secrets that it names. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { OpenChannel } from '../../../src/koogallery/channels.ts';
import { SELLER } from '../seller.ts';
import { KEY, KIT_KEY, PREVIOUS_KEY } from './marketplace.ts';
import { SECRET } from './webhook.ts';

export interface Described extends Pick<OpenChannel, 'slug' | 'generation'> {
  chargingModes?: OpenChannel['chargingModes'];
  /** The seller's webhook; by default one that is nowhere. */
  webhook?: string;
  /** Where the open APIs of the marketplace are; by default nowhere, and only if the channel cannot be without. */
  apis?: string;
}

export async function makeChannelsFile(...channels: Described[]): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-koogallery-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'channels.json');
  await writeFile(file, JSON.stringify(channels.map(describe)));
  return {
    ...{ ONBOARD_KOOGALLERY: file, KOO_KEY: KEY, KOO_PREVIOUS: PREVIOUS_KEY, KOO_SECRET: SECRET },
    ...{ KOO_KIT: KIT_KEY, KOO_AK: SELLER.accessKey, KOO_SK: SELLER.secretKey },
  };
}

function describe({ slug, generation, chargingModes = ['period'], webhook, apis }: Described) {
  // Licenses for online activation are uploaded, so there must be a way.
  const host = apis ?? (generation === 'license-online' ? 'http://127.0.0.1:1' : undefined);
  const openApi = { accessKey: { env: 'KOO_AK' }, secretKey: { env: 'KOO_SK' }, host };
  return {
    ...{ slug, generation, site: 'cn', key: { env: 'KOO_KEY' }, previousKey: { env: 'KOO_PREVIOUS' } },
    ...((generation.startsWith('saas') || generation === 'license-v1') && { kitKey: { env: 'KOO_KIT' } }),
    ...{ chargingModes, frontEndUrl: 'https://app.example/i/{instanceId}' },
    provision: { webhook: webhook ?? 'https://seller.example/hook', secret: { env: 'KOO_SECRET' } },
    ...(host !== undefined && { openApi }),
  };
}
