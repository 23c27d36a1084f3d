/** The environment of this process, with what `.env` of the working directory adds; what is set already wins. */
import { existsSync } from 'node:fs';

export function readEnvironment(): NodeJS.ProcessEnv {
  // Written into the process, because the providers of the credentials SDK read it there.
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}
