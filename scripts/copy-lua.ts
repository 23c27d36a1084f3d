/** Copies the Lua files of `src/` to their places in `dist/src/`, where the compiled modules look for them. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listLuaFiles, SOURCES } from './lua-files.ts';

const target = fileURLToPath(new URL('../dist/src', import.meta.url));

for (const path of listLuaFiles()) {
  const copy = join(target, relative(SOURCES, path));
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(path, copy);
}
