import { PassThrough, type Writable } from 'node:stream';
import { type Command, Option } from 'commander';
import { openOutputFile } from '../../batch/output-file.ts';
import {
  RESULT_FORMATS,
  RESULT_KINDS,
  type ResultFormat,
  type ResultKind,
  writeResultFiles,
  writeResults,
} from '../../batch/results.ts';
import { AppError } from '../../errors.ts';
import { plural, renderTable } from '../../text.ts';
import { withSession } from '../context.ts';
import { say } from '../output.ts';

type ResultsOptions = Partial<Record<ResultKind, true>> & { output?: string; format: ResultFormat };

export function addResults(program: Command): void {
  program
    .command('results')
    .description(
      'write what became of every row: three files into a folder, or one kind to a file or standard output',
    )
    .argument('<batch>', 'id of the batch')
    .option('--succeeded', 'only rows that are submitted or unchanged')
    .option('--failed', 'only failed rows; correct them and import the file again as it is')
    .option('--unprocessed', 'only rows that are not done')
    .addOption(new Option('--format <name>', 'csv or ndjson').choices(RESULT_FORMATS).default('csv'))
    .option('-o, --output <path>', 'file for one kind, folder for all three', undefined)
    .addHelpText(
      'after',
      '\nExamples:\n  $ onboard results BATCH -o ./out\n  $ onboard results BATCH --failed -o failed.csv',
    )
    .action(async (batchId: string, options: ResultsOptions) => {
      const kinds = RESULT_KINDS.filter((kind) => options[kind]);
      if (kinds.length > 1)
        throw new AppError(
          'USAGE',
          'Name one of --succeeded, --failed and --unprocessed, or none for all three.',
        );
      await withSession(async (session) => {
        const { runtime } = await session.findBatch(batchId);
        const [kind] = kinds;
        if (kind !== undefined) {
          const counts = await writeResults(
            runtime.ledger,
            batchId,
            new Map([[kind, await openOutput(options.output)]]),
            options.format,
          );
          say(`${kind}: ${plural(counts[kind], 'row')}.`);
          return;
        }
        const files = await writeResultFiles(
          runtime.ledger,
          batchId,
          options.output ?? `results-${batchId}`,
          options.format,
        );
        say(renderTable(files.map(({ kind: name, rows, path }) => [name, String(rows), path])));
      });
    });
}

/** Standard output stays open for the process, so it gets a stream of its own in front. */
async function openOutput(path: string | undefined): Promise<Writable> {
  if (path !== undefined && path !== '-') return openOutputFile(path);
  const front = new PassThrough();
  front.pipe(process.stdout, { end: false });
  return front;
}
