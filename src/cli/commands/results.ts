import { type Command, Option } from 'commander';
import { type OutputFile, openOutputFile } from '../../batch/output-file.ts';
import type { OutputRules } from '../../batch/output-place.ts';
import { resultFormatOf } from '../../batch/result-format.ts';
import { RESULT_KINDS, type ResultFile, type ResultKind } from '../../batch/results.ts';
import { RESULT_FORMATS, type ResultFormat } from '../../batch/table-writer.ts';
import { AppError } from '../../errors.ts';
import { plural, renderTable } from '../../text.ts';
import { withRedis } from '../context.ts';
import { openStandardOutput, print, say } from '../output.ts';
import { FORCE_OPTION, outputRulesOf } from '../output-rules.ts';

type ResultsOptions = Partial<Record<ResultKind, true>> & {
  output?: string;
  format?: ResultFormat;
  force?: true;
  json?: true;
};

export function define(command: Command): void {
  command
    .argument('<batch>', 'id of the batch')
    .option('--succeeded', 'only submitted and unchanged rows')
    .option('--failed', 'only failed rows; correct the file and import it as it is')
    .option('--unprocessed', 'only rows that were not sent or are not done yet')
    .addOption(
      new Option('--format <name>', 'by default that of the file name, or csv').choices(RESULT_FORMATS),
    )
    .option('-o, --output <path>', 'file for one kind, folder for all three', undefined)
    .option(...FORCE_OPTION)
    .option('--json', 'print the names of the files and their rows as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ onboard results BATCH -o ./out\n  $ onboard results BATCH --failed -o failed.csv',
    )
    .action(async (batchId: string, options: ResultsOptions) => {
      const kind = pickKind(options);
      if (kind === undefined) await writeAll(batchId, options);
      else await writeOne(batchId, kind, options);
    });
}

function pickKind(options: ResultsOptions): ResultKind | undefined {
  const kinds = RESULT_KINDS.filter((kind) => options[kind]);
  if (kinds.length <= 1) return kinds[0];
  const message = 'Give only one of --succeeded, --failed and --unprocessed, or none of them for all three.';
  throw new AppError('USAGE', message);
}

async function writeAll(batchId: string, options: ResultsOptions): Promise<void> {
  const { output: directory = `results-${batchId}`, format, json } = options;
  await withRedis(async (onboarding) => {
    const rules = outputRulesOf(onboarding.settings, options);
    const files = await onboarding.writeResultFiles(batchId, { directory, format, ...rules });
    if (json) await print(JSON.stringify({ batch: batchId, files }));
    else say(renderFiles(files));
  });
}

async function writeOne(batchId: string, kind: ResultKind, options: ResultsOptions): Promise<void> {
  const { output, format = resultFormatOf(output), json } = options;
  if (format === 'xlsx' && (output ?? '-') === '-' && process.stdout.isTTY)
    throw new AppError('USAGE', 'A workbook is not for a terminal; name a file: -o FILE.xlsx.');
  if (json && (output === undefined || output === '-'))
    throw new AppError(
      'USAGE',
      '--json tells which file was written: name it with -o. For rows: --format ndjson.',
    );
  await withRedis(async (onboarding) => {
    // An unknown batch is found out before the file is touched.
    await onboarding.status(batchId);
    await using file = await openOutput(output, outputRulesOf(onboarding.settings, options));
    const counts = await onboarding.writeResults(batchId, { outputs: { [kind]: file.stream }, format });
    await file.publish();
    const files = [{ kind, rows: counts[kind], path: output }];
    if (json) await print(JSON.stringify({ batch: batchId, files }));
    else say(`${kind}: ${plural(counts[kind], 'row')}.`);
  });
}

export function renderFiles(files: readonly ResultFile[]): string {
  return renderTable(files.map(({ kind, rows, path }) => [kind, String(rows), path]));
}

/** Standard output has no name to be given when all is written. */
async function openOutput(path: string | undefined, rules: OutputRules): Promise<OutputFile> {
  if (path !== undefined && path !== '-') return openOutputFile(path, rules);
  const stream = openStandardOutput();
  return { stream, publish: async () => undefined, [Symbol.asyncDispose]: async () => undefined };
}
