/**
 * What takes minutes: `npm run test:long -- attacks`, `npm run test:long -- fuzz`. Fuzzing reads FUZZ_FILES files of each
 * format (5,000), from number FUZZ_FIRST on (1).
 */
import { mergeConfig } from 'vitest/config';
import normal from './vitest.config.ts';

const long = mergeConfig(normal, { test: { testTimeout: 600_000, coverage: { enabled: false } } });
// Lists are joined in a merge, and these two are to be replaced.
long.test.include = ['test/{attacks,fuzz}/**/*.test.ts'];
long.test.exclude = ['**/node_modules/**'];
// By hand there may be many more files than in ten minutes.
if (process.env.FUZZ_FILES !== undefined) long.test.testTimeout = 3_600_000;

export default long;
