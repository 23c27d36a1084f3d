/**
 * Random sequences of verbs, deaths and answers against a model of the ledger. The full size is 10,000 sequences:
 * `MODEL_SEQUENCES=10000 npm run test:long -- test/attacks/model.test.ts`. A failure names its seed and path;
 * `MODEL_SEED` and `MODEL_PATH` run it again.
 */
import { expect, it } from 'vitest';
import { checkModel } from '../support/model/property.ts';
import { connectTestRedis } from '../support/redis.ts';

const { MODEL_SEQUENCES = '1000', MODEL_SEED, MODEL_PATH } = process.env;
const HOUR_MS = 3_600_000;

it(
  `keeps its rules in ${MODEL_SEQUENCES} sequences`,
  async () => {
    const numRuns = Number(MODEL_SEQUENCES);
    const seed = MODEL_SEED === undefined ? Date.now() & 0x7fffffff : Number(MODEL_SEED);
    const begun = performance.now();
    const figures = await checkModel(connectTestRedis(), {
      numRuns,
      seed,
      path: MODEL_PATH,
      withinMs: 2 * HOUR_MS,
    });
    const seconds = Math.round((performance.now() - begun) / 1000);
    process.stderr.write(`Model: seed ${seed}, ${JSON.stringify({ ...figures, seconds })}\n`);
    expect(figures.sequences).toBeGreaterThan(0);
  },
  3 * HOUR_MS,
);
