/**
 * What takes minutes: `npm run test:long -- attacks`, `npm run test:long -- fuzz`. Fuzzing reads FUZZ_FILES files of each
 * format (5,000), from number FUZZ_FIRST on (1).
 */
import { defineConfig } from 'vitest/config';
import normal from './vitest.config.ts';

/** They give this machine addresses and take them away, and a browser gives up all its connections each time. */
const CHANGE_ADDRESSES = ['test/attacks/containers*.test.ts', 'test/attacks/three-hosts.test.ts'];
const NEVER = ['**/node_modules/**'];

const { globalSetup, ...test } = normal.test ?? {};
const long = {
  ...test,
  // By hand there may be many more files than in ten minutes.
  testTimeout: process.env.FUZZ_FILES === undefined ? 600_000 : 3_600_000,
  // Several processes start, stop and wait for each other before a state comes about.
  expect: { poll: { timeout: 120_000 } },
};

/** @param order files of a lower one are done before those of a higher one begin */
const project = (name: string, order: number, files: { include: string[]; exclude: string[] }) => ({
  test: { ...long, ...files, name, sequence: { groupOrder: order } },
});

export default defineConfig({
  test: {
    globalSetup,
    maxWorkers: long.maxWorkers,
    coverage: { enabled: false },
    projects: [
      project('addresses change', 1, { include: CHANGE_ADDRESSES, exclude: NEVER }),
      project('addresses stay', 2, {
        include: ['test/{attacks,fuzz}/**/*.test.ts'],
        exclude: [...NEVER, ...CHANGE_ADDRESSES],
      }),
    ],
  },
});
