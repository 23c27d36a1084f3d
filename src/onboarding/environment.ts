/** The environment of this process: read here and in `config.ts`, and passed on from there. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../errors.ts';
import { DEFAULT_STORE } from './default-store.ts';

const DEFAULT_FILE = '.env';

export function processEnvironment(): NodeJS.ProcessEnv {
  return process.env;
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
  const { AGREEMENT_STORE: store, ONBOARD_ACCOUNTS: accounts } = process.env;
  load(file);
  const folder = dirname(resolve(file));
  if (!store) process.env.AGREEMENT_STORE = placeStore(folder, process.env.AGREEMENT_STORE || DEFAULT_STORE);
  if (!accounts && process.env.ONBOARD_ACCOUNTS)
    process.env.ONBOARD_ACCOUNTS = resolve(folder, process.env.ONBOARD_ACCOUNTS);
  return process.env;
}

/** Written into the process, because the providers of the credentials SDK read it there. */
function load(file: string): void {
  try {
    process.loadEnvFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AppError('CONFIG_INVALID', `${file} cannot be read (${code}).`, { cause: error });
  }
}

/** A store is the same one wherever a command is started. */
function placeStore(folder: string, place: string): string {
  return place.startsWith('oss:') ? place : resolve(folder, place);
}

/** Whether the person who runs this process wants to see where an error happened. */
export function wantsDetails(): boolean {
  return ['debug', 'trace'].includes(process.env.LOG_LEVEL ?? '');
}
