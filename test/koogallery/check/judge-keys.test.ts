/** Keys of channels, compared with each other. */
import { describe, expect, it } from 'vitest';
import { judgeKeys } from '../../../src/koogallery/check/judge-keys.ts';
import { levelsOf } from '../../support/koogallery/checks.ts';
import { makeOpenChannel } from '../../support/koogallery/marketplace.ts';

const KEYS = { current: 'a'.repeat(36), previous: 'b'.repeat(36), kit: 'c'.repeat(36) };
const SEAL = 's'.repeat(44);
const provision = { kind: 'webhook', url: 'https://seller.example/hook', secret: 'w'.repeat(32) } as const;
const shop = makeOpenChannel({ slug: 'shop', keys: KEYS, provision });

describe('keys', () => {
  it('that are apart and long enough are in order', () => {
    expect(levelsOf(judgeKeys([shop], [SEAL]))).toEqual({
      keys_apart: 'ok',
      keys_length: 'ok',
      seal_key: 'ok',
    });
  });

  it('may not serve for two categories, of one channel or of two', () => {
    const soft = makeOpenChannel({
      ...{ slug: 'soft', generation: 'license-v2', provision: { kind: 'none' } },
      keys: { current: KEYS.current },
    });
    const [finding] = judgeKeys([shop, soft], [SEAL]);
    expect(finding).toMatchObject({ isOk: false, text: expect.stringContaining('shop: key = soft: key') });
    const kit = makeOpenChannel({ slug: 'kit', provision, keys: { ...KEYS, kit: KEYS.current } });
    expect(levelsOf(judgeKeys([kit], [SEAL]))).toMatchObject({ keys_apart: 'bad' });
  });

  it('may not be secrets of ours at the same time, nor the seal key', () => {
    const one = makeOpenChannel({ keys: KEYS, provision: { ...provision, secret: KEYS.previous } });
    expect(levelsOf(judgeKeys([one], [SEAL]))).toMatchObject({ keys_apart: 'bad' });
    expect(levelsOf(judgeKeys([shop], [KEYS.kit]))).toMatchObject({ keys_apart: 'bad' });
  });

  it('of the same category may be one, because the console binds one to all base interfaces; that is noted', () => {
    const other = makeOpenChannel({
      ...{ slug: 'other', provision: { kind: 'none' } },
      keys: { current: KEYS.current },
    });
    expect(judgeKeys([shop, other], [SEAL])).toContainEqual(
      expect.objectContaining({ isNote: true, text: 'shop: key = other: key' }),
    );
    const twice = makeOpenChannel({ slug: 'x', provision, keys: { current: SEAL, previous: SEAL } });
    expect(judgeKeys([twice], [])).toContainEqual(
      expect.objectContaining({ isNote: true, hint: expect.stringContaining('Leave previousKey out') }),
    );
  });

  it('that were cut off, or copied with a line break, are told by name and never by value', () => {
    const cut = makeOpenChannel({ slug: 'cut', provision, keys: { current: 'short', kit: `${KEYS.kit}\n` } });
    const findings = judgeKeys([cut], []);
    expect(findings).toContainEqual(
      expect.objectContaining({
        ...{ code: 'keys_length', isOk: false },
        text: 'cut: key has 5 characters; cut: kitKey begins or ends with a space or a line break',
      }),
    );
    expect(levelsOf(findings)).toMatchObject({ seal_key: 'note' });
    for (const secret of ['short', KEYS.kit, provision.secret])
      expect(JSON.stringify(findings)).not.toContain(secret);
  });
});
