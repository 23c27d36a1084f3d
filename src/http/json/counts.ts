/** Counts by a closed list of words, each of which is always there. Pure. */
import { z } from 'zod';

export function countsBy<Word extends string>(words: readonly Word[]) {
  const counts = Object.fromEntries(words.map((word) => [word, z.number().int()]));
  return z.object(counts as Record<Word, z.ZodNumber>);
}
