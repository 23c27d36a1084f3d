/** A short form of `test/attacks/model.test.ts`. */
import { expect, it } from 'vitest';
import { checkModel } from '../support/model/property.ts';
import { connectTestRedis } from '../support/redis.ts';

it('whatever happens in whatever order, the ledger keeps its rules', async () => {
  const { sequences } = await checkModel(connectTestRedis(), { numRuns: 60 });
  expect(sequences).toBe(60);
});
