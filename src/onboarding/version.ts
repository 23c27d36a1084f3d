/** The version of this software, from its `package.json`. */
import { createRequire } from 'node:module';
import { z } from 'zod';

const packageSchema = z.object({ version: z.string() });

/** The package finds itself by its name, from the sources as from the build. */
export function ownVersion(): string {
  const require = createRequire(import.meta.url);
  return packageSchema.parse(require('isv-onboarding/package.json')).version;
}
