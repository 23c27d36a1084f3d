/** What commands that write files have in common: `--force`, and what they never replace. */
import { removeUnpublished } from '../batch/output-file.ts';
import type { OutputRules } from '../batch/output-place.ts';
import type { Settings } from '../index.ts';
import { configurationFiles } from '../onboarding/configuration-files.ts';
import { processEnvironment } from '../onboarding/environment.ts';
import type { SourceArguments } from './source-options.ts';

export const FORCE_OPTION = ['--force', 'replace files that exist; inputs never'] as const;

export interface Sources extends Partial<Pick<SourceArguments, 'agreements'>> {
  /** As it was given: `-` is standard input, which may be a file too. */
  file?: string;
}

/** The configuration and the agreements of an installation are inputs of every command. To be called before files are opened. */
export function outputRulesOf(
  settings: Settings,
  { force }: { force?: true },
  { file, agreements }: Sources = {},
): OutputRules {
  // What is written aside goes with the process; asked for again, it is still done once.
  process.off('exit', removeUnpublished).once('exit', removeUnpublished);
  const source = file === '-' ? '/dev/stdin' : file;
  const files = [
    ...(source === undefined ? [] : [source]),
    ...configurationFiles(processEnvironment(), settings),
  ];
  const folders = [...(agreements === undefined ? [] : [agreements]), settings.agreementStore.place];
  return { force: force === true, inputs: { files, folders } };
}
