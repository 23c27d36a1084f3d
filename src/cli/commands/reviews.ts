import type { Command } from 'commander';
import type { AwaitedReview, OfAccount, Where } from '../../index.ts';
import { plural, renderTable } from '../../text.ts';
import { describeAwaited } from '../accounts-view.ts';
import { withRedis } from '../context.ts';
import { wholeNumber } from '../number.ts';
import { print, say } from '../output.ts';

interface ReviewsOptions extends Where {
  olderThan?: number;
  limit: number;
  json?: true;
}

const LIMIT = 50;
/** Lines whose columns are as wide as each other. */
const PORTION = 500;

export function define(command: Command): void {
  command
    .option(
      '--older-than <days>',
      'only what has waited for more days than this, 0 for all; by default ONBOARD_REVIEW_DAYS',
      wholeNumber(0, 3_650),
    )
    .option('--limit <n>', 'at most this many of each account', wholeNumber(1, 10_000_000), LIMIT)
    .option('--account <name>', 'only this account')
    .option('--json', 'print each as one line of JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ onboard reviews --older-than 14\n  $ onboard reviews --older-than 0 --limit 1000000 --json',
    )
    .action(async ({ olderThan: olderThanDays, limit, account, json }: ReviewsOptions) => {
      const where = account === undefined ? {} : { account };
      await withRedis(async (onboarding) => {
        const reviews = onboarding.reviewsAwaited({ olderThanDays, limit, ...where });
        const shown = await (json ? printLines(reviews) : printTables(reviews));
        for (const { account: name, ...counts } of await onboarding.countReviews(where)) {
          const left =
            counts.awaited > 0 && shown >= limit ? `; the first ${shown} are shown, see --limit` : '';
          if (!json) say(`${name}: reviews awaited: ${describeAwaited(counts)}${left}`);
        }
      });
    });
}

type Reviews = AsyncGenerator<OfAccount<AwaitedReview>>;

/** @returns how many */
async function printLines(reviews: Reviews): Promise<number> {
  let shown = 0;
  for await (const { place, at, ...review } of reviews) {
    await print(JSON.stringify({ ...review, submittedAt: at, batch: place.batchId, row: place.row }));
    shown += 1;
  }
  return shown;
}

const HEADER = ['account', 'customer', 'submitted', 'waits', 'batch', 'row', 'RequestId'];

async function printTables(reviews: Reviews): Promise<number> {
  let shown = 0;
  let lines: string[][] = [];
  const flush = async () => {
    if (lines.length > 0) await print(renderTable([HEADER, ...lines]));
    shown += lines.length;
    lines = [];
  };
  for await (const { account, custSpaceId, at, days, place, requestId = '' } of reviews) {
    const when = `${new Date(at).toISOString().slice(0, 19)}Z`;
    lines.push([
      account,
      custSpaceId,
      when,
      plural(days, 'day'),
      place.batchId,
      String(place.row),
      requestId,
    ]);
    if (lines.length === PORTION) await flush();
  }
  await flush();
  return shown;
}
