/** Copies the Lua files to their places in `dist/`, where the compiled modules look for them. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { listLuaFiles, ROOT } from './lua-files.ts';

for (const path of listLuaFiles()) {
  const copy = join(ROOT, 'dist', relative(ROOT, path));
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(path, copy);
}
