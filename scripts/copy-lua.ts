/** Copies the Lua scripts into the build, beside the functions that read them. */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

for (const folder of ['src', 'workers'])
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.lua')) cpSync(join(folder, file), join('dist', folder, file));
