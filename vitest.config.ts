import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/support/global-setup.ts',
    include: ['test/**/*.test.ts'],
    // Longer than anyone waits for: `npm run test:long`.
    exclude: [...configDefaults.exclude, 'test/attacks/**', 'test/fuzz/**'],
    // CommonJS packages are seen as Node itself shows them.
    deps: { interopDefault: false },
    pool: 'forks',
    // Tests wait more than they work, so a third one fits on two cores.
    maxWorkers: 3,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // A state that is awaited may take more than a second on a loaded machine; one that never comes fails all the same.
    expect: { poll: { timeout: 30_000 } },
    coverage: {
      include: ['src/**', 'workers/**'],
      // It runs in browsers: test/attacks/console-*.test.ts.
      exclude: ['src/console/**'],
      thresholds: { lines: 90, branches: 90 },
    },
  },
});
