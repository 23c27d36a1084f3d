/** The files that say what an installation is: nothing that we write may replace one. */

import type { Settings } from './settings.ts';
import { VARIABLES } from './variables.ts';

/** Paths of such files; also values of variables that name no file. */
export function configurationFiles(environment: NodeJS.ProcessEnv, { accounts }: Settings): string[] {
  const named = Object.keys(VARIABLES).flatMap((name) => environment[name] || []);
  const keys = accounts.flatMap(({ credentials }) => (credentials.type === 'file' ? [credentials.path] : []));
  return ['.env', ...named, ...keys];
}
