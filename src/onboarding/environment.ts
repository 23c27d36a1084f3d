/** The environment of this process: read here and in `config.ts`, and passed on from there. */
import { existsSync } from 'node:fs';

export function processEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/** Adds what is in `.env` of the working directory; variables that are already set win. */
export function readEnvironment(): NodeJS.ProcessEnv {
  // Written into the process, because the providers of the credentials SDK read it there.
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}
