import { resolve } from 'node:path';
import type { Command } from 'commander';
import { newBatchId } from '../../batch/batch-id.ts';
import { DEFAULT_PRIORITY, FAILURES_IN_A_ROW_MAX } from '../../batch/import.ts';
import { openRejects, type Rejects } from '../../batch/rejects.ts';
import { prepareResultFiles } from '../../batch/results.ts';
import { AppError } from '../../errors.ts';
import type { Checked, Imported, ImportOrder, OfAccount, Onboarding } from '../../index.ts';
import { describeWhen } from '../../onboarding/describe-when.ts';
import { plural, renderDuration } from '../../text.ts';
import { withRedis } from '../context.ts';
import { showEnqueuing } from '../enqueuing.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { renderHold } from '../holds-view.ts';
import { atInterrupt, goesOnByItself } from '../interrupt.ts';
import { wholeNumber } from '../number.ts';
import { print, say, sayAndWait } from '../output.ts';
import { FORCE_OPTION, outputRulesOf } from '../output-rules.ts';
import { addSourceOptions, renderProblem, type SourceArguments, sourceOf } from '../source-options.ts';
import { parseWhen, WHEN_HELP } from '../time.ts';
import { WarningTeller } from '../warnings.ts';
import { conclude, watch } from '../watch.ts';
import { whoRuns } from '../who.ts';
import { renderFiles } from './results.ts';

interface ImportOptions extends SourceArguments {
  name?: string;
  account?: string;
  dryRun?: true;
  skipInvalid?: true | string;
  resume?: string;
  at?: number;
  watch?: true;
  results?: string;
  force?: true;
  priority: number;
  maxFailures: number;
  json?: true;
}

const EXAMPLES = `
Examples:
  $ onboard import customers.csv --agreements ./signed --watch --results ./out
  $ onboard import excel.csv --agreements ./signed --encoding gb18030 --dry-run
  $ cat customers.ndjson | onboard import - --format ndjson --agreements ./signed --at +2h`;

export function define(command: Command): void {
  addSourceOptions(command)
    .option('--name <name>', 'name of the batch; by default the file name')
    .option('--account <name>', 'account to register the customers with')
    .option('--dry-run', 'check everything, enqueue nothing')
    .option('--skip-invalid [file]', 'enqueue the good rows, write the others to a file (rejects-BATCH.csv)')
    .option('--resume <batch>', 'complete this interrupted batch; needs the same file')
    .option('--at <time>', WHEN_HELP, parseWhen)
    .option('--watch', 'follow the batch to its end')
    .option('--results <dir>', 'write the three result files to this folder at the end; implies --watch')
    .option(...FORCE_OPTION)
    .option('--priority <n>', 'lower goes first', wholeNumber(2, 1_000_000), DEFAULT_PRIORITY)
    .option(
      '--max-failures <n>',
      'pause the batch after more than this many identical refusals in a row; 0 for never',
      wholeNumber(0, 1_000_000),
      FAILURES_IN_A_ROW_MAX,
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: ImportOptions) => {
      process.exitCode = await withRedis((onboarding) => run(onboarding, file, options));
    });
}

async function run(onboarding: Onboarding, file: string, options: ImportOptions): Promise<ExitCode> {
  await using rejects = await prepareOutputs(onboarding, file, options);
  if (options.dryRun) {
    const checked = await withRejects({ file, rejects }, options, (order) => onboarding.dryRun(order));
    say(`Ready: ${customersOf(checked)}. Nothing was enqueued.`);
    const { rows, good, bad, problems } = checked.summary;
    if (options.json) await print(JSON.stringify({ rows, good, bad, problems, seconds: checked.seconds }));
    return EXIT.done;
  }
  const imported = await withRejects({ file, rejects }, options, (order) =>
    options.resume === undefined ? onboarding.import(order) : onboarding.resumeImport(options.resume, order),
  );
  const { batchId, isResumed, summary, peer } = imported;
  const what = isResumed ? 'Completed the interrupted batch' : 'Enqueued batch';
  const start = options.at === undefined ? '' : `, starting ${describeWhen(options.at)}`;
  say(`${what} ${batchId}: ${customersOf(imported)}${start}.`);
  if (!options.json) await print(batchId);
  if (options.watch || options.results !== undefined)
    return follow(onboarding, { ...imported, file }, options);
  const { heldBy } = await onboarding.status(batchId);
  if (options.json)
    await print(
      JSON.stringify({
        batch: batchId,
        peer,
        rows: summary.good,
        warnings: summary.warnings,
        isResumed,
        heldBy,
      }),
    );
  // The start is said already.
  for (const hold of heldBy) if (hold.reason !== 'notBefore') say(renderHold(hold));
  say(`Follow it with: onboard status ${batchId} --watch`);
  return EXIT.done;
}

const customersOf = ({ summary, seconds }: Checked) =>
  `${plural(summary.good, 'customer')}, about ${renderDuration(seconds)}`;

/** What cannot be written, or must not be, is found out before the work, not after it. */
async function prepareOutputs(onboarding: Onboarding, file: string, options: ImportOptions) {
  const { agreements, skipInvalid, results } = options;
  const rules = outputRulesOf(onboarding.settings, options, { file, agreements });
  const path = skipInvalid === true ? undefined : skipInvalid;
  const files = results === undefined ? [] : await prepareResultFiles({ directory: results, ...rules });
  if (path !== undefined && files.some((other) => resolve(other) === resolve(path)))
    throw new AppError('USAGE', `${path} would be a result file and the file of rejected rows.`);
  return skipInvalid === undefined ? undefined : openRejects({ path, ...rules });
}

/** Says what is wrong with bad rows, and keeps them in a file if they are to be skipped. */
async function withRejects<T extends Checked & { batchId?: string }>(
  { file, rejects }: { file: string; rejects: Rejects | undefined },
  options: ImportOptions,
  run: (order: ImportOrder & { account?: string }) => Promise<T>,
): Promise<T> {
  const { account, name, priority, maxFailures, at: notBefore } = options;
  const teller = new WarningTeller();
  const done = await keepingRejects(rejects, () =>
    run({
      ...sourceOf(file, options),
      ...{ by: whoRuns(), account, name, priority, maxFailures, notBefore },
      ...showEnqueuing(),
      skipInvalid: rejects !== undefined,
      onWarning: teller.tell,
      async onInvalid(row, problems, columns) {
        await sayAndWait(problems.map(renderProblem).join('\n'));
        await rejects?.write(columns.names, row, problems);
      },
    }),
  );
  // A dry run has no batch.
  const path = await rejects?.publish(done.batchId ?? `dry-run-${newBatchId(Date.now())}`);
  teller.summarise();
  const { problems, bad, rows } = done.summary;
  const tally = `${plural(problems, 'problem')} in ${bad} of ${plural(rows, 'row')}.`;
  if (bad > 0) say(`${tally} The rejected rows are in ${path}; correct them and import that file.`);
  return done;
}

async function follow(
  onboarding: Onboarding,
  { batchId, peer, file }: Pick<OfAccount<Imported>, 'batchId' | 'peer'> & { file: string },
  options: ImportOptions,
): Promise<ExitCode> {
  const rules = outputRulesOf(onboarding.settings, options, { file, agreements: options.agreements });
  atInterrupt(() => goesOnByItself(batchId));
  const seen = await watch(onboarding.follow(batchId));
  if (options.json)
    await print(JSON.stringify({ batch: batchId, peer, ...seen.batch.counts, heldBy: seen.heldBy }));
  if (options.results !== undefined)
    say(renderFiles(await onboarding.writeResultFiles(batchId, { directory: options.results, ...rules })));
  return conclude(seen);
}

/** Where no row at all is good, the file with the reasons is what a person needs next. */
async function keepingRejects<T>(rejects: Rejects | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'INPUT_INVALID') throw error;
    const path = await rejects?.publish(`none-good-${newBatchId(Date.now())}`);
    if (path !== undefined) say(`The rejected rows are in ${path}; correct them and import that file.`);
    throw error;
  }
}
