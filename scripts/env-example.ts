/** Writes `.env.example` from the configuration; with `--check`, fails where the two differ. */
import { readFileSync, writeFileSync } from 'node:fs';
import { VARIABLES } from '../src/onboarding/config.ts';
import { settingsSchema } from '../src/onboarding/settings.ts';

const path = new URL('../.env.example', import.meta.url);
const wanted = render();

if (!process.argv.includes('--check')) writeFileSync(path, wanted);
else if (readFileSync(path, 'utf8') !== wanted) {
  process.stderr.write(
    '.env.example differs from src/onboarding/config.ts: run `node --import tsx scripts/env-example.ts`\n',
  );
  process.exitCode = 1;
}

function render(): string {
  const defaults = settingsSchema.omit({ accounts: true }).parse({});
  const blocks = Object.entries(VARIABLES).map(([name, { setting, description, fallback }]) => {
    const value = setting === undefined ? fallback : textOf(valueAt(defaults, setting.split('.')));
    return `# ${description}\n${value === undefined ? `#${name}=` : `${name}=${value}`}\n`;
  });
  return `# Written by scripts/env-example.ts from src/onboarding/config.ts. Copy to .env and change what you need.\n\n${blocks.join('\n')}`;
}

function valueAt(settings: unknown, [key = '', ...rest]: string[]): unknown {
  const value = (settings as Record<string, unknown> | undefined)?.[key];
  return rest.length === 0 ? value : valueAt(value, rest);
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : Array.isArray(value) ? value.join(',') : String(value);
}
