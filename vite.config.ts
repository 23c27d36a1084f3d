/**
 * Builds the console from `src/console` into `dist/console`, and with `--mode form` the form of buyers from
 * `src/console/form` into `dist/form`: apart, because strangers are given all of the form and nothing of the console.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** `bytesMax`: all of it gzipped, as browsers fetch it: it is opened over slow lines, too. */
const PAGES = {
  console: { root: 'src/console', folder: 'dist/console', bytesMax: 120 * 1024 },
  form: { root: 'src/console/form', folder: 'dist/form', bytesMax: 32 * 1024 },
};

/** The licences of what is built in have to come with every copy, so they are served too; a page does not need them. */
const LICENSES = 'licenses.md';

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Leaves a `.gz` beside each file of the page, which is what is sent, and fails the build if all of them are too large. */
function compress(folder: string, bytesMax: number): Plugin {
  return {
    name: 'onboard-compress',
    apply: 'build',
    closeBundle() {
      mkdirSync(folder, { recursive: true });
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
        (entry) => entry.isFile() && entry.name !== LICENSES,
      );
      let bytes = 0;
      for (const { parentPath, name } of files) {
        const zipped = gzipSync(readFileSync(join(parentPath, name)), { level: 9 });
        writeFileSync(join(parentPath, `${name}.gz`), zipped);
        bytes += zipped.length;
      }
      if (bytes > bytesMax)
        throw new Error(`${folder} has ${bytes} bytes gzipped, and at most ${bytesMax} are allowed.`);
    },
  };
}

export default defineConfig(({ mode }) => {
  const { root, folder, bytesMax } = mode === 'form' ? PAGES.form : PAGES.console;
  return {
    root: pathOf(root),
    // Below which path it is served is known only when it is: the server writes it into the page.
    base: './',
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: pathOf(folder),
      emptyOutDir: true,
      target: ['chrome109', 'firefox115', 'safari16'],
      // The policy of the pages allows no `data:`.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      license: { fileName: `assets/${LICENSES}` },
    },
    plugins: [compress(pathOf(folder), bytesMax)],
  };
});
