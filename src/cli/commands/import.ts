import { basename } from 'node:path';
import type { Command } from 'commander';
import { openAgreementFolder } from '../../agreement/folder.ts';
import { enqueue } from '../../batch/enqueue.ts';
import { makeOutputFolder } from '../../batch/output-file.ts';
import { openRejects } from '../../batch/rejects.ts';
import { writeResultFiles } from '../../batch/results.ts';
import { openSpool } from '../../batch/spool.ts';
import { type ValidationSummary, validateSource } from '../../batch/validate-source.ts';
import { AppError } from '../../errors.ts';
import { PRIORITY } from '../../queue/queues.ts';
import { plural, renderDuration, renderTable } from '../../text.ts';
import { type Session, withSession } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { wholeNumber } from '../number.ts';
import { print, say } from '../output.ts';
import { addSourceOptions, readSource, renderProblem, type SourceOptions } from '../source.ts';
import { parseWhen } from '../time.ts';
import { conclude, slowestIntervalMs, watchBatch } from '../watch.ts';
import { whoRuns } from '../who.ts';

interface ImportOptions extends SourceOptions {
  name?: string;
  account?: string;
  dryRun?: true;
  skipInvalid?: true | string;
  resume?: string;
  at?: number;
  watch?: true;
  results?: string;
  priority: number;
  maxFailures: number;
  json?: true;
}

/** A mistake that every row shares should not burn every row. */
const FAILURES_IN_A_ROW_MAX = 20;
const REJECTS_FILE = 'rejects.csv';

export function addImport(program: Command): void {
  addSourceOptions(program.command('import'))
    .description('check a file of customers and enqueue them as one batch; prints the id of the batch')
    .option('--name <name>', 'name of the batch; the file name unless given')
    .option('--account <name>', 'account to register the customers with')
    .option('--dry-run', 'check everything and enqueue nothing')
    .option('--skip-invalid [file]', `enqueue the good rows and write the others to a file (${REJECTS_FILE})`)
    .option('--resume <batch>', 'complete this interrupted batch; the same file is needed')
    .option('--at <time>', 'begin then: 2026-01-31T22:00:00+08:00 or +90m', parseWhen)
    .option('--watch', 'follow the batch to its end')
    .option('--results <dir>', 'write the three result files there at the end; implies --watch')
    .option('--priority <n>', 'lower goes first', wholeNumber(2, 1_000_000), PRIORITY.normal)
    .option(
      '--max-failures <n>',
      'pause the batch after more than so many equal refusals in a row; 0 for never',
      wholeNumber(0, 1_000_000),
      FAILURES_IN_A_ROW_MAX,
    )
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ onboard import customers.csv --agreements ./signed --watch --results ./out
  $ onboard import excel.csv --agreements ./signed --encoding gb18030 --dry-run
  $ cat customers.ndjson | onboard import - --format ndjson --agreements ./signed --at +2h`,
    )
    .action(async (file: string, options: ImportOptions) => {
      process.exitCode = await withSession((session) => runImport(session, file, options));
    });
}

async function runImport(session: Session, file: string, options: ImportOptions): Promise<ExitCode> {
  const runtime = session.runtimeOf(options.account);
  // Before the work, not after it.
  if (options.results !== undefined) await makeOutputFolder(options.results);
  const folder = await openAgreementFolder(options.agreements);
  await using spool = await openSpool();
  const { readCustomers } = runtime.ledger;
  const summary = await validate(file, options, { folder, readCustomers, good: spool.write });
  const seconds = (summary.good * (await slowestIntervalMs(session.redis, runtime))) / 1000;
  if (options.dryRun) {
    say(
      `Ready: ${plural(summary.good, 'customer')}, about ${renderDuration(seconds)}. Nothing was enqueued.`,
    );
    return EXIT.done;
  }
  const source = file === '-' ? 'standard input' : basename(file);
  const { priority, maxFailures, at: delayMs, resume } = options;
  const batch = { name: options.name ?? source, source, by: whoRuns(), priority, maxFailures };
  const { batchId, isResumed } = await enqueue({
    ...runtime,
    folder,
    spool,
    summary,
    batch,
    delayMs,
    resume,
  });
  const what = isResumed ? 'Completed the interrupted batch' : 'Enqueued batch';
  say(
    `${what} ${batchId}: ${plural(summary.good, 'customer')}, about ${renderDuration(seconds)}${startOf(delayMs)}.`,
  );
  if (!options.json) await print(batchId);
  if (options.watch || options.results !== undefined) return follow(session, batchId, options);
  if (options.json) await print(JSON.stringify({ batch: batchId, rows: summary.good, isResumed }));
  say(`Follow it with: onboard status ${batchId} --watch`);
  return EXIT.done;
}

const startOf = (delayMs = 0) =>
  delayMs === 0 ? '' : `, from ${new Date(Date.now() + delayMs).toISOString()} on`;

type Checking = Pick<Parameters<typeof validateSource>[0], 'folder' | 'readCustomers'> &
  Pick<Parameters<typeof validateSource>[1], 'good'>;

/** @throws AppError INPUT_INVALID where a row is bad and bad rows are not to be skipped */
async function validate(
  file: string,
  options: ImportOptions,
  checking: Checking,
): Promise<ValidationSummary> {
  const { skipInvalid } = options;
  const path = skipInvalid === true ? REJECTS_FILE : skipInvalid;
  const rejects = path === undefined ? undefined : openRejects(path);
  const source = readSource(file, options);
  const summary = await validateSource(
    { source, ...checking },
    {
      good: checking.good,
      bad: async (row, problems, columns) => {
        say(problems.map(renderProblem).join('\n'));
        await rejects?.write(columns.names, row, problems);
      },
    },
  );
  await rejects?.close();
  const { bad, rows, problems } = summary;
  const tally = `${plural(problems, 'problem')} in ${bad} of ${plural(rows, 'row')}.`;
  if (bad > 0 && rejects === undefined)
    throw new AppError('INPUT_INVALID', `${file}: ${tally} Nothing was enqueued.`);
  if (bad > 0) say(`${tally} They are in ${path}; correct them and import that file.`);
  return summary;
}

async function follow(session: Session, batchId: string, options: ImportOptions): Promise<ExitCode> {
  const { runtime } = await session.findBatch(batchId);
  const watched = await watchBatch(session.redis, runtime, batchId);
  if (options.json)
    await print(JSON.stringify({ batch: batchId, ...watched.batch.counts, breaker: watched.breaker }));
  if (options.results !== undefined) {
    const files = await writeResultFiles(runtime.ledger, batchId, options.results);
    say(renderTable(files.map(({ kind, rows, path }) => [kind, String(rows), path])));
  }
  return conclude(watched);
}
