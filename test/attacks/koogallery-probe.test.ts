/** Debug calls of the simulated marketplace: our receiver, and a seller that shares no line with either of them. */
import { describe, expect, it } from 'vitest';
import { GENERATIONS } from '../../src/koogallery/protocol/intent.ts';
import { MESSAGES } from '../../src/sandbox/koogallery/messages.ts';
import { probe } from '../../src/sandbox/koogallery/probe.ts';
import { faultsOf, listenAsSeller, SHUFFLES } from '../support/koogallery/listening.ts';
import { SELLER_KEYS, startReferenceSeller } from '../support/koogallery/reference-seller.ts';

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
