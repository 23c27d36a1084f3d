/** Writes `.env.example` from the configuration; with `--check`, fails where the two differ. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describeVariables } from './described-variables.ts';

const path = new URL('../.env.example', import.meta.url);
const wanted = render();

if (!process.argv.includes('--check')) writeFileSync(path, wanted);
else if (readFileSync(path, 'utf8') !== wanted) {
  process.stderr.write(
    '.env.example differs from src/onboarding/variables.ts: run `node --import tsx scripts/env-example.ts`\n',
  );
  process.exitCode = 1;
}

function render(): string {
  const blocks = describeVariables().map(
    ({ name, description, allowed, fallback }) =>
      `# ${description}${allowed}\n${fallback === undefined ? `#${name}=` : `${name}=${fallback}`}\n`,
  );
  return `# Written by scripts/env-example.ts from src/onboarding/variables.ts. Copy to .env and change what you need.\n\n${blocks.join('\n')}`;
}
