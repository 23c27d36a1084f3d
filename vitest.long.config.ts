/** What takes minutes: `npm run test:long -- attacks`, `npm run test:long -- fuzz`. */
import { mergeConfig } from 'vitest/config';
import normal from './vitest.config.ts';

const long = mergeConfig(normal, { test: { testTimeout: 600_000, coverage: { enabled: false } } });
// Lists are joined in a merge, and these two are to be replaced.
long.test.include = ['test/attacks/**/*.test.ts', 'test/fuzz/**/*.test.ts'];
long.test.exclude = ['**/node_modules/**'];

export default long;
