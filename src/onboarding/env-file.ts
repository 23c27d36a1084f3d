/** What `.env` sets, and what it may not set: it is read by this program, not by Node. Pure. */
import { parseEnv } from 'node:util';

/**
 * Variables that change how this very process runs. Set there, most would come too late and look as if they worked; one
 * would switch off the verification of certificates, for whoever can write into the folder.
 */
const OF_THE_PROCESS = /^(NODE_|SSL_|SSLKEYLOGFILE$|OPENSSL_|LD_|DYLD_|UV_|DEBUG$)/;

export interface EnvFile {
  variables: Record<string, string>;
  /** For people: what of it is ignored, in one line each. */
  warnings: string[];
}

/**
 * @param text of the file; Windows' editors begin it with a mark
 * @param file its name, for people
 */
export function readEnvFile(text: string, file = '.env'): EnvFile {
  const entries = Object.entries(parseEnv(text.replace(/^\uFEFF/, '')));
  const refused = entries.map(([name]) => name).filter((name) => OF_THE_PROCESS.test(name));
  const variables = entries.filter(([name]) => !refused.includes(name)) as [string, string][];
  return {
    variables: Object.fromEntries(variables),
    warnings: refused.map((name) => `${file}: ${name} is ignored; set it where this program is started.`),
  };
}
