/** The list before going live, on a real receiver and a real Redis, within one process. */
import { describe, expect, inject, it } from 'vitest';
import { checkChannels } from '../../../src/koogallery/check/check-channels.ts';
import type { CheckFinding } from '../../../src/koogallery/check/check-finding.ts';
import { judgeSample } from '../../../src/koogallery/check/sample.ts';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { GENERATIONS } from '../../../src/koogallery/protocol/intent.ts';
import { countsIn } from '../../../src/koogallery/registry/read-counts.ts';
import { readSettings } from '../../../src/onboarding/config.ts';
import { sampleCalls } from '../../../src/sandbox/koogallery/sample-calls.ts';
import { levelsOf } from '../../support/koogallery/checks.ts';
import { listenAsSeller } from '../../support/koogallery/listening.ts';
import { makeOpenChannel } from '../../support/koogallery/marketplace.ts';
import { SELLER_KEYS, startReferenceSeller } from '../../support/koogallery/reference-seller.ts';
import { openApisForTest } from '../../support/open-apis.ts';
import { startReceiver } from '../../support/receiver.ts';
import { SELLER } from '../../support/seller.ts';

const USAGE = { interface: 'new', withAccessKey: true } as const;

async function checkShop(secretKey = SELLER.secretKey) {
  const { origin } = await openApisForTest();
  const webhook = await startReceiver((response) => void response.writeHead(404).end());
  const changes = {
    provision: { kind: 'webhook', url: `${webhook.origin}/tasks`, secret: 'w'.repeat(32) },
    openApi: { accessKey: SELLER.accessKey, secretKey, origin, usage: USAGE },
  } as const;
  const { terms, access, instances } = await listenAsSeller('saas-v2', changes);
  const channel = makeOpenChannel({ slug: access.slug, ...changes });
  const settings = readSettings({ REDIS_URL: inject('redisUrl') });
  const findings: CheckFinding[] = [];
  const checking = { settings, channels: [channel], chosen: [channel], now: Date.now };
  for await (const finding of checkChannels({ ...checking, url: terms.endpoint, takeSample: sampleCalls }))
    findings.push(finding);
  return { findings, access, instances };
}

describe('a channel', () => {
  it('that is served here lacks what only the outside world gives', async () => {
    const { findings, access, instances } = await checkShop();
    expect(levelsOf(findings)).toMatchObject({
      ...{ answers: 'ok', body_sign: 'ok', receiver: 'ok', latency: 'ok', clock: 'ok' },
      ...{ open_api: 'ok', webhook: 'note', rights: 'ok', orders_failed: 'ok' },
      ...{ address: 'bad', workers: 'bad', probes_needed: 'bad', probe_days: 'note' },
    });
    // It feigns no probe of the marketplace, and touches nothing.
    expect(await access.redis.exists(channelKeys(access.slug).probes)).toBe(0);
    expect(await instances()).toEqual([]);
    const calls = await countsIn(access);
    expect(calls).toEqual([{ activity: 'unknown', code: '000002', isTest: true, calls: 20 }]);
  });

  it('whose access key is wrong is told so', async () => {
    const { findings } = await checkShop('another secret');
    expect(levelsOf(findings)).toMatchObject({ open_api: 'bad' });
    expect(JSON.stringify(findings)).not.toContain('another secret');
  });
});

it.each(GENERATIONS)(
  'calls of %s are believed, and their answers have the right Body-Sign',
  async (generation) => {
    const { terms } = await listenAsSeller(generation);
    const sample = await sampleCalls({ ...terms, calls: 2 });
    expect(new Set(Object.values(levelsOf(judgeSample('shop', sample, 2))))).toEqual(new Set(['ok']));
    const foreign = await sampleCalls({ ...terms, keys: { current: 'another key', kit: 'kit' }, calls: 2 });
    expect(levelsOf(judgeSample('shop', foreign, 2))).toMatchObject({ receiver: 'bad', body_sign: 'bad' });
  },
);

it.each([
  ['lowerCase', 'body_sign', 'bad'],
  ['noQuotes', 'body_sign', 'bad'],
  ['newline', 'body_sign', 'bad'],
  // Pages of V2.0 do not agree about it.
  ['noSign', 'body_sign', 'note'],
  ['redirects', 'answers', 'bad'],
  ['html', 'answers', 'bad'],
  ['gzip', 'answers', 'bad'],
] as const)('a seller who is wrong by %s is found out', async (fault, code, level) => {
  const { url: endpoint } = await startReferenceSeller('saas-v2', fault);
  const sample = await sampleCalls({ endpoint, generation: 'saas-v2', keys: SELLER_KEYS, calls: 2 });
  expect(levelsOf(judgeSample('shop', sample, undefined))[code]).toBe(level);
});

it('an address where nobody is is given up soon', async () => {
  const endpoint = new URL('http://127.0.0.1:1/koogallery/shop');
  const sample = await sampleCalls({ endpoint, generation: 'saas-v2', keys: SELLER_KEYS, calls: 20 });
  expect(sample.failures).toHaveLength(3);
});
