import { PassThrough, type Writable } from 'node:stream';
import { type Command, Option } from 'commander';
import { openOutputFile } from '../../batch/output-file.ts';
import { resultFormatOf } from '../../batch/result-format.ts';
import { RESULT_KINDS, type ResultFile, type ResultKind } from '../../batch/results.ts';
import { RESULT_FORMATS, type ResultFormat } from '../../batch/table-writer.ts';
import { AppError } from '../../errors.ts';
import { plural, renderTable } from '../../text.ts';
import { withRedis } from '../context.ts';
import { say } from '../output.ts';

type ResultsOptions = Partial<Record<ResultKind, true>> & { output?: string; format?: ResultFormat };

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

async function writeAll(batchId: string, { output, format }: ResultsOptions): Promise<void> {
  const directory = output ?? `results-${batchId}`;
  say(
    renderFiles(await withRedis((onboarding) => onboarding.writeResultFiles(batchId, { directory, format }))),
  );
}

async function writeOne(
  batchId: string,
  kind: ResultKind,
  { output, format = resultFormatOf(output) }: ResultsOptions,
): Promise<void> {
  if (format === 'xlsx' && (output ?? '-') === '-' && process.stdout.isTTY)
    throw new AppError('USAGE', 'A workbook is not for a terminal; name a file: -o FILE.xlsx.');
  await withRedis(async (onboarding) => {
    // An unknown batch is found out before the file is touched.
    await onboarding.status(batchId);
    const outputs = { [kind]: await openOutput(output) };
    const counts = await onboarding.writeResults(batchId, { outputs, format });
    say(`${kind}: ${plural(counts[kind], 'row')}.`);
  });
}

export function renderFiles(files: readonly ResultFile[]): string {
  return renderTable(files.map(({ kind, rows, path }) => [kind, String(rows), path]));
}

/** Standard output stays open for the process, so it gets a stream of its own in front. */
async function openOutput(path: string | undefined): Promise<Writable> {
  if (path !== undefined && path !== '-') return openOutputFile(path);
  const front = new PassThrough();
  front.pipe(process.stdout, { end: false });
  return front;
}
