/** What a person sees while rows are enqueued, where nobody watches a terminal. */
import { afterEach, expect, it, vi } from 'vitest';
import { showEnqueuing } from '../../src/cli/enqueuing.ts';
import { partingSentence } from '../../src/cli/interrupt.ts';

afterEach(() => vi.restoreAllMocks());

it('counts the rows every ten seconds, and says at Ctrl-C what is there and how to add the others', () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  let now = 1_000;
  const { onBegin, onProgress } = showEnqueuing(() => now);
  expect(partingSentence()).toBe('Interrupted: nothing was enqueued.');
  onBegin('b', 90_000);
  for (let rows = 500; rows <= 90_000; rows += 500) {
    now += 160;
    onProgress(rows);
    if (rows === 40_000)
      expect(partingSentence()).toMatch(/^Interrupted: 40000 of 90000 rows are in batch b/);
  }
  expect(lines).toEqual(['Enqueued 31500/90000 rows, 3125/s\n', 'Enqueued 63000/90000 rows, 3125/s\n']);
  expect(partingSentence()).toMatch(/To add the others, repeat the command\..*onboard cancel b$/);
});
