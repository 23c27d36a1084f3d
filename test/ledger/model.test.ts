/** A short form of `test/attacks/model.test.ts`, with another seed each time; a failure names it. */
import { expect, it } from 'vitest';
import { checkModel } from '../support/model/property.ts';
import { connectTestRedis } from '../support/redis.ts';

const WITHIN_MS = 60_000;

it('whatever happens in whatever order, the ledger keeps its rules', async () => {
  const { sequences } = await checkModel(connectTestRedis(), { numRuns: 40, withinMs: WITHIN_MS });
  expect(sequences).toBeGreaterThan(0);
});
