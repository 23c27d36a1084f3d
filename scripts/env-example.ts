/** Writes `.env.example` from the configuration schema; with `--check`, fails where the two differ. */
import { readFileSync, writeFileSync } from 'node:fs';
import { environmentSchema } from '../src/onboarding/config.ts';

const path = new URL('../.env.example', import.meta.url);
const wanted = render();

if (!process.argv.includes('--check')) writeFileSync(path, wanted);
else if (readFileSync(path, 'utf8') !== wanted) {
  process.stderr.write(
    '.env.example differs from src/config.ts: run `node --import tsx scripts/env-example.ts`\n',
  );
  process.exitCode = 1;
}

function render(): string {
  const defaults: Record<string, unknown> = environmentSchema.parse({});
  const blocks = Object.entries(environmentSchema.shape).map(([key, schema]) => {
    const value = defaults[key];
    return `# ${schema.description}\n${value === undefined ? `#${key}=` : `${key}=${value}`}\n`;
  });
  return `# Written by scripts/env-example.ts from src/config.ts. Copy to .env and change what you need.\n\n${blocks.join('\n')}`;
}
