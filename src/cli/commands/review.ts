import { type Command, Option } from 'commander';
import { parseDay } from '../../batch/review-texts.ts';
import { AppError } from '../../errors.ts';
import type { ReviewFileOrder, ReviewsRecorded, ReviewTexts, Where } from '../../index.ts';
import { DECISIONS } from '../../ledger/review.ts';
import { SOURCE_FORMATS, type SourceFormat } from '../../source/detect.ts';
import { plural } from '../../text.ts';
import { withRedis } from '../context.ts';
import { parseDelimiter } from '../delimiter.ts';
import { EXIT } from '../exit.ts';
import { atInterrupt } from '../interrupt.ts';
import { wholeNumber } from '../number.ts';
import { print, say, sayAndWait } from '../output.ts';
import { renderProblem } from '../source-options.ts';
import { whoRuns } from '../who.ts';

interface ReviewOptions extends Where, Partial<ReviewTexts> {
  row?: number;
  customer?: string;
  file?: string;
  format?: SourceFormat;
  encoding?: string;
  delimiter?: string;
  sheet?: string;
  json?: true;
}

const EXAMPLES = `
No call tells how Alibaba Cloud's review ends, so it is recorded here by whoever found out. Recording it again with
something else changes it; what was recorded before is kept. \`onboard reviews\` lists what is still awaited.

Examples:
  $ onboard review BATCH --row 17 --as approved --date 2026-01-31 --evidence "ticket 4711"
  $ onboard review --customer C100001 --as rejected --date 2026-01-31 --evidence "mail of support"
  $ onboard review --file reviews.csv      columns CustSpaceId, as, date, evidence; a result file with its
                                           columns onboard_review… filled in is one too`;

export function define(command: Command): void {
  command
    .argument('[batch]', 'id of the batch')
    .option('--row <n>', 'row number, as in the result files', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--customer <id>', 'CustSpaceId, instead of a row; its batch may have been purged')
    .addOption(new Option('--as <decision>', 'what was decided').choices(DECISIONS))
    .option('--date <day>', 'day of the decision: 2026-01-31')
    .option('--evidence <text>', 'who said so, or where it is written')
    .option('--file <file>', 'CSV, NDJSON or XLSX file of many decisions, or - for standard input')
    .addOption(
      new Option('--format <name>', 'of the file; by default what the first bytes say').choices(
        SOURCE_FORMATS,
      ),
    )
    .option('--encoding <name>', 'of the file; by default what the bytes prove, else UTF-8')
    .option('--delimiter <char>', 'column separator of the file, \\t for a tab', parseDelimiter)
    .option('--sheet <name>', 'sheet of a workbook; by default the first visible one with the columns')
    .option('--account <name>', 'account of the customers, unless a batch is named')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (batchId: string | undefined, options: ReviewOptions) => {
      if (options.file === undefined) await reviewOne(batchId, options);
      else await reviewFile(batchId, options, options.file);
    });
}

async function reviewOne(batchId: string | undefined, options: ReviewOptions): Promise<void> {
  const { row, customer: custSpaceId, as, date, evidence, account, json } = options;
  const isNamed =
    batchId === undefined
      ? row === undefined && custSpaceId !== undefined
      : (row ?? custSpaceId) !== undefined;
  if (!isNamed) throw usage('Name a batch and --row, or --customer, or a --file.');
  if (as === undefined || date === undefined || evidence === undefined)
    throw usage('Say what was decided: --as approved|rejected --date 2026-01-31 --evidence TEXT.');
  const order = {
    batchId,
    row,
    custSpaceId,
    as,
    date,
    evidence,
    by: whoRuns(),
    ...(account ? { account } : {}),
  };
  const reviewed = await withRedis((onboarding) => onboarding.recordReview(order));
  if (json) {
    const { place, ...rest } = reviewed;
    return print(JSON.stringify({ batch: place.batchId, row: place.row, ...rest }));
  }
  const { place, before, isNew } = reviewed;
  const what = `Row ${place.row} of batch ${place.batchId} (${reviewed.custSpaceId})`;
  const was = before ? `; it was ${before.as} on ${before.date}, as ${before.by} had recorded` : '';
  say(`${what} is ${as} on ${parseDay(date) ?? date}${isNew ? was : ', as was recorded already'}.`);
}

async function reviewFile(batchId: string | undefined, options: ReviewOptions, file: string): Promise<void> {
  const { row, customer, as, date, evidence, format, encoding, delimiter, sheet, account, json } = options;
  if ([batchId, row, customer, as, date, evidence].some((given) => given !== undefined))
    throw usage(
      'With --file, the file says everything: leave out the batch, --row, --customer, --as, --date and --evidence.',
    );
  const from = file === '-' ? { stream: process.stdin, name: 'standard input' } : { path: file };
  const order: ReviewFileOrder & Where = {
    ...{ from, by: whoRuns(), ...(account ? { account } : {}), onRemark: say },
    ...(format ? { format } : {}),
    ...(encoding ? { encoding } : {}),
    ...(delimiter ? { delimiter } : {}),
    sheet,
    onInvalid: (problems) => sayAndWait(problems.map(renderProblem).join('\n')),
  };
  atInterrupt(
    () =>
      'Interrupted. What was recorded so far stays; to record the rest, if there is any, repeat the command.',
  );
  const recorded = await withRedis((onboarding) => onboarding.recordReviews(order));
  if (json) await print(JSON.stringify(recorded));
  else say(describe(recorded));
  process.exitCode = recorded.replaced > 0 ? EXIT.rowsFailed : EXIT.done;
}

const usage = (message: string) =>
  new AppError('USAGE', message, { hint: 'See `onboard review --help` for examples.' });

function describe({
  rows,
  recorded,
  changed,
  same,
  outdated,
  awaited,
  replaced,
  examples,
}: ReviewsRecorded): string {
  const parts = [
    `Recorded ${plural(recorded, 'review')} of ${plural(rows, 'row')}`,
    ...(changed > 0 ? [`${changed} of them instead of another decision`] : []),
    ...(same > 0 ? [`${same} were recorded already`] : []),
    ...(outdated > 0 ? [`${outdated} were changed since the file was written, and stay as they are`] : []),
    ...(awaited > 0 ? [`${awaited} have no decision`] : []),
  ];
  if (replaced === 0) return `${parts.join('; ')}.`;
  const more = replaced > examples.length ? ', …' : '';
  return `${parts.join('; ')}; not recorded, because newer data was just submitted: ${examples.join(', ')}${more}.`;
}
