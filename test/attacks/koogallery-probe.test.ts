/** Debug calls of the simulated marketplace: our receiver, and a seller that shares no line with either of them. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { GENERATIONS } from '../../src/koogallery/protocol/intent.ts';
import { MESSAGES } from '../../src/sandbox/koogallery/messages.ts';
import { probe } from '../../src/sandbox/koogallery/probe.ts';
import { createAuthority, readPair } from '../support/certificates.ts';
import { faultsOf, listenAsSeller, SHUFFLES } from '../support/koogallery/listening.ts';
import { SELLER_KEYS, startReferenceSeller } from '../support/koogallery/reference-seller.ts';
import { startTlsFront } from '../support/tls-front.ts';

describe.each(GENERATIONS)('%s', (generation) => {
  it('a seller that is right passes every debug check', async () => {
    const { url } = await startReferenceSeller(generation);
    const report = await probe({ endpoint: url, generation, keys: SELLER_KEYS, repeat: 1, shuffle: 7 });
    expect(faultsOf(report)).toEqual([]);
  });

  it.each(SHUFFLES)(
    'our receiver passes every debug check, shuffled by %s, and no instance comes of it',
    async (shuffle) => {
      const { terms, instances } = await listenAsSeller(generation);
      const report = await probe({ ...terms, shuffle });
      expect(faultsOf(report)).toEqual([]);
      const probed = new Set(report.activities.map(({ activity }) => activity));
      for (const message of Object.values(MESSAGES[generation])) expect(probed).toContain(message.activity);
      expect(await instances()).toEqual([]);
    },
  );
});

it('believes no certificate that nobody has vouched for, whatever the environment says', async () => {
  const { url } = await startReferenceSeller('license-v2');
  const pair = await (await createAuthority()).sign('IP:127.0.0.1');
  const endpoint = new URL(
    `https://127.0.0.1:${await startTlsFront(Number(url.port), await readPair(pair))}/saas`,
  );
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  const report = await probe({ endpoint, generation: 'license-v2', keys: SELLER_KEYS });
  expect(report).toMatchObject({ calls: 3, hasPassed: false, stopped: expect.any(String) });
  expect(faultsOf(report)[0]).toContain('the connection failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE)');
});
