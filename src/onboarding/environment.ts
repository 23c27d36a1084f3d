/** The environment of this process: read here and in `config.ts`, and passed on from there. */
import { existsSync } from 'node:fs';

export function processEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/** With what `.env` of the working directory adds; what is set already wins. */
export function readEnvironment(): NodeJS.ProcessEnv {
  // Written into the process, because the providers of the credentials SDK read it there.
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}
