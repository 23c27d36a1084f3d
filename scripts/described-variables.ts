/** What is known of each variable: its name, what it is for, what it may be, and what applies without it. */
import { z } from 'zod';
import { settingsSchema } from '../src/onboarding/settings.ts';
import { VARIABLES } from '../src/onboarding/variables.ts';

export interface DescribedVariable {
  name: string;
  description: string;
  /** A sentence that begins with a space; empty if anything is allowed. */
  allowed: string;
  /** As it is written; undefined if there is none. */
  fallback: string | undefined;
}

export function describeVariables(): DescribedVariable[] {
  const defaults = settingsSchema.omit({ accounts: true }).parse({});
  return Object.entries(VARIABLES).map(([name, { setting, description, fallback }]) => ({
    name,
    description,
    allowed: setting === undefined ? '' : describeAllowed(setting),
    fallback: setting === undefined ? fallback : textOf(valueAt(defaults, setting.split('.'))),
  }));
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
