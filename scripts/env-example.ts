/** Writes `.env.example` from the configuration; with `--check`, fails where the two differ. */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { settingsSchema } from '../src/onboarding/settings.ts';
import { VARIABLES } from '../src/onboarding/variables.ts';

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
  const defaults = settingsSchema.omit({ accounts: true }).parse({});
  const blocks = Object.entries(VARIABLES).map(([name, { setting, description, fallback }]) => {
    const value = setting === undefined ? fallback : textOf(valueAt(defaults, setting.split('.')));
    const allowed = setting === undefined ? '' : describeAllowed(setting);
    return `# ${description}${allowed}\n${value === undefined ? `#${name}=` : `${name}=${value}`}\n`;
  });
  return `# Written by scripts/env-example.ts from src/onboarding/variables.ts. Copy to .env and change what you need.\n\n${blocks.join('\n')}`;
}

/** The values that the schema lists, and the bounds of numbers. */
function describeAllowed(setting: string): string {
  const { enum: values, minimum, maximum, type } = schemaAt(setting);
  if (values) return ` Allowed: ${values.join(', ')}.`;
  if (type === 'boolean') return ' Allowed: true, false.';
  return minimum === undefined || maximum === undefined ? '' : ` From ${minimum} to ${maximum}.`;
}

interface JsonSchema {
  type?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  properties?: Record<string, JsonSchema>;
}

function schemaAt(setting: string): JsonSchema {
  let schema = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  for (const key of setting.split('.')) schema = schema.properties?.[key] ?? {};
  return schema;
}

function valueAt(settings: unknown, [key = '', ...rest]: string[]): unknown {
  const value = (settings as Record<string, unknown> | undefined)?.[key];
  return rest.length === 0 ? value : valueAt(value, rest);
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
  return Array.isArray(value) ? value.join(',') : String(value);
}
