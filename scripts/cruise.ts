/** Runs dependency-cruiser over the tree, with the rules of `.dependency-cruiser.mjs`. */
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

/**
 * @param folders  relative to the root of the project
 * @returns the modules with their imports, and in `summary.violations` what breaks a rule
 */
export async function cruiseTree(folders: string[]): Promise<ICruiseResult> {
  const options = await extractOptions('./.dependency-cruiser.mjs');
  const { output } = await cruise(folders, options, undefined, {
    tsConfig: extractTsConfig('./tsconfig.json'),
  });
  if (typeof output === 'string') throw new Error(`dependency-cruiser returned no result: ${output}`);
  return output;
}
