/** Builds the console from `src/console` into `dist/console`, where `src/http/console.ts` serves it from. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const FOLDER = fileURLToPath(new URL('dist/console', import.meta.url));
/** All of the console, as browsers fetch it: it is opened over slow lines, too. */
const GZIPPED_BYTES_MAX = 120 * 1024;

/** Leaves a `.gz` beside each file, which is what is sent, and fails the build if all of them are too large. */
function compress(): Plugin {
  return {
    name: 'onboard-compress',
    apply: 'build',
    closeBundle() {
      mkdirSync(FOLDER, { recursive: true });
      const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      let bytes = 0;
      for (const { parentPath, name } of files) {
        const zipped = gzipSync(readFileSync(join(parentPath, name)), { level: 9 });
        writeFileSync(join(parentPath, `${name}.gz`), zipped);
        bytes += zipped.length;
      }
      if (bytes > GZIPPED_BYTES_MAX)
        throw new Error(
          `The console has ${bytes} bytes gzipped, and at most ${GZIPPED_BYTES_MAX} are allowed.`,
        );
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('src/console', import.meta.url)),
  // Below which path it is served is known only when it is: the server writes it into the page.
  base: './',
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: FOLDER,
    emptyOutDir: true,
    target: ['chrome109', 'firefox115', 'safari16'],
    // The policy of the pages allows no `data:`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [compress()],
});
