/** The environment of this process: read here and in `config.ts`, and passed on from there. */
import { existsSync, readFileSync } from 'node:fs';
import { readSettings } from './config.ts';
import { readEnvFile } from './env-file.ts';
import type { Settings } from './settings.ts';
import { describeUnknown } from './unknown-variables.ts';

const FILE = '.env';

export function processEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

export interface Configuration {
  environment: NodeJS.ProcessEnv;
  settings: Settings;
}

/**
 * Reads the configuration of this process: its environment, with what `.env` of the working directory adds.
 * What is ignored of it is told on standard error, in one line each.
 * @throws AppError CONFIG_INVALID
 */
export function readConfiguration(): Configuration {
  addEnvFile();
  const settings = readSettings(process.env);
  const unknown = describeUnknown(process.env, settings);
  if (unknown !== undefined) warn(unknown);
  return { environment: process.env, settings };
}

/** Variables that are already set win. */
function addEnvFile(): void {
  if (!existsSync(FILE)) return;
  const { variables, warnings } = readEnvFile(readFileSync(FILE, 'utf8'));
  for (const warning of warnings) warn(warning);
  // Written into the process, because the providers of the credentials SDK read it there.
  for (const [name, value] of Object.entries(variables)) process.env[name] ??= value;
}

function warn(text: string): void {
  process.stderr.write(`warning: ${text}\n`);
}
