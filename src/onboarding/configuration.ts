/** The configuration of this process: its environment, with what `.env` adds. Read here, and passed on from here. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../errors.ts';
import { readSettings } from './config.ts';
import { DEFAULT_STORE } from './default-store.ts';
import { readEnvFile } from './env-file.ts';
import type { Settings } from './settings.ts';
import { describeUnknown } from './unknown-variables.ts';

const DEFAULT_FILE = '.env';
/** Variables that name a file. */
const FILES = [
  'ONBOARD_ACCOUNTS',
  'ONBOARD_ALERTS',
  'ONBOARD_KOOGALLERY',
  'ONBOARD_USERS',
  'ONBOARD_DRAFTS',
  'REDIS_CA',
  'REDIS_CERT',
  'REDIS_KEY',
];

export interface Configuration {
  environment: NodeJS.ProcessEnv;
  settings: Settings;
}

/**
 * Reads the configuration. What is ignored of it is told on standard error, in one line each.
 * @throws AppError CONFIG_INVALID
 */
export function readConfiguration(): Configuration {
  const environment = readEnvironment();
  const settings = readSettings(environment);
  const unknown = describeUnknown(environment, settings);
  if (unknown !== undefined) warn(unknown);
  return { environment, settings };
}

/**
 * Adds what is in `.env` of the working directory, or in the file that ONBOARD_ENV_FILE names; variables that are already
 * set win. What that file says of places is meant from its own folder.
 * @throws AppError CONFIG_INVALID if the file that is named cannot be read
 */
export function readEnvironment(): NodeJS.ProcessEnv {
  const named = process.env.ONBOARD_ENV_FILE;
  const file = named || DEFAULT_FILE;
  if (!named && !existsSync(file)) return process.env;
  const { AGREEMENT_STORE: store } = process.env;
  const placed = FILES.filter((name) => !process.env[name]);
  const { variables, warnings } = readEnvFile(textOf(file), file);
  for (const warning of warnings) warn(warning);
  // Written into the process, because the providers of the credentials SDK read it there.
  for (const [name, value] of Object.entries(variables)) process.env[name] ??= value;
  const folder = dirname(resolve(file));
  if (!store) process.env.AGREEMENT_STORE = placeStore(folder, process.env.AGREEMENT_STORE || DEFAULT_STORE);
  for (const name of placed) if (process.env[name]) process.env[name] = resolve(folder, process.env[name]);
  return process.env;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AppError('CONFIG_INVALID', `${file} cannot be read (${code}).`, { cause: error });
  }
}

/** A store is the same one wherever a command is started. */
function placeStore(folder: string, place: string): string {
  return place.startsWith('oss:') ? place : resolve(folder, place);
}

function warn(text: string): void {
  process.stderr.write(`warning: ${text}\n`);
}
