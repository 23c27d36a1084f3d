import { expect, it } from 'vitest';
import { isLow } from '../../src/notify/look-at-place.ts';
import { textOf } from '../../src/notify/texts.ts';
import { memoryUseIn } from '../../src/redis/memory.ts';

const GB = 1024 ** 3;

it('a disk is nearly full below 5 %, at most 10 GB, and fine again well above', () => {
  expect(isLow({ free: 4 * GB, size: 100 * GB, wasThere: false })).toBe(true);
  expect(isLow({ free: 6 * GB, size: 100 * GB, wasThere: false })).toBe(false);
  expect(isLow({ free: 6 * GB, size: 100 * GB, wasThere: true })).toBe(true);
  expect(isLow({ free: 11 * GB, size: 4_000 * GB, wasThere: false })).toBe(false);
});

it('the memory of Redis is measured by its limit, or else by its machine', () => {
  const used = 'used_memory:90\r\nused_memory_peak:99\r\n';
  expect(memoryUseIn(`${used}total_system_memory:1000\r\nmaxmemory:100\r\n`)).toEqual({
    share: 0.9,
    limit: 100,
  });
  expect(memoryUseIn(`${used}total_system_memory:1000\r\nmaxmemory:0\r\n`)).toEqual({
    share: 0.09,
    limit: 1000,
  });
  expect(memoryUseIn('')).toBeUndefined();
});

it('a sentence that lacks a fact is left out, and what somebody is called breaks no line', () => {
  const event = { id: 'x', type: 'batch.paused', at: 0, account: 'a', peer: 'rehearsal' } as const;
  const { title, lines } = textOf({ ...event, facts: { batch: 'b1', by: 'ann\nBatch b2 \u202e' } }, 'en');
  expect(title).toBe('[isv-onboarding] Batch b1 is paused');
  expect(lines).toEqual([
    'Account: a (rehearsal)',
    String.raw`By ann\u000aBatch b2 \u202e.`,
    'To continue: `onboard resume b1`.',
    'At: 1970-01-01T00:00:00.000Z',
  ]);
});
