import type { Command } from 'commander';
import type { BatchStatus } from '../../batch/status.ts';
import { AppError } from '../../errors.ts';
import type { Onboarding } from '../../index.ts';
import { OUTCOMES, type OutcomeCounts } from '../../ledger/outcome.ts';
import type { CountedRedrive } from '../../ledger/redrive-record.ts';
import { REVIEWS, type ReviewCounts } from '../../ledger/review.ts';
import { renderDuration, renderTable } from '../../text.ts';
import {
  accountLines,
  describeAccount,
  LISTED_MAX,
  renderCreated,
  renderTook,
  showAll,
  stateOf,
} from '../accounts-view.ts';
import { withRedis } from '../context.ts';
import { holdLines } from '../holds-view.ts';
import { atInterrupt, goesOnByItself } from '../interrupt.ts';
import { print } from '../output.ts';
import { conclude, watch } from '../watch.ts';

interface StatusOptions {
  watch?: true;
  json?: true;
}

/** The newest ones; `--json` has all. */
const REDRIVES_SHOWN = 5;

export function define(command: Command): void {
  command
    .argument('[batch]', 'id of the batch')
    .option('--watch', 'follow the batch to its end')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ onboard status 3k9x2fq7d --watch')
    .action(async (batchId: string | undefined, options: StatusOptions) => {
      if (batchId === undefined && options.watch)
        throw new AppError('USAGE', 'Say which batch to follow: onboard status BATCH --watch.', {
          hint: 'Run `onboard batches` to list them.',
        });
      await withRedis((onboarding) =>
        batchId === undefined
          ? showAll(onboarding, { ...options, limit: LISTED_MAX })
          : showOne(onboarding, batchId, options),
      );
    });
}

async function showOne(onboarding: Onboarding, batchId: string, options: StatusOptions): Promise<void> {
  if (options.watch) {
    atInterrupt(() => goesOnByItself(batchId));
    process.exitCode = conclude(await watch(onboarding.follow(batchId)));
    if (!options.json) return;
  }
  const status = await onboarding.status(batchId);
  await print(options.json ? JSON.stringify(toJson(status)) : renderTable(linesOf(status)));
}

function toJson({ heldBy, batch, progress, failures, parkedRows, redrives, account }: BatchStatus) {
  const { workers } = account;
  const etaSeconds = progress.done === progress.total ? null : (progress.etaSeconds ?? null);
  return { heldBy, ...batch, etaSeconds, failures, parkedRows, redrives, workers, account };
}

function linesOf(status: BatchStatus): string[][] {
  const { heldBy, batch, progress, redrives, account } = status;
  const { etaSeconds } = progress;
  const isOver = progress.done === progress.total;
  return [
    ...holdLines(heldBy),
    ['batch', batch.id],
    ['name', batch.name],
    ['account', describeAccount({ name: batch.account, peer: account.peer })],
    // How it came to be paused is said already.
    ['state', batch.state === 'paused' ? batch.state : stateOf(batch)],
    ['created', `${renderCreated(batch)} by ${batch.by}`],
    ['took', `${renderTook(batch)}${isOver ? '' : ' so far'}`],
    ...(isOver || etaSeconds === undefined ? [] : [['ETA', renderDuration(etaSeconds)]]),
    ['total', String(batch.total)],
    ...happened(batch.counts).map((outcome) => [outcome, String(batch.counts[outcome])]),
    ...reviewLine(batch.reviews),
    ...failureLines(status),
    ['throttled', String(batch.throttled)],
    ...redrives.slice(-REDRIVES_SHOWN).map(redriveLine),
    ...accountLines(account),
  ];
}

/** What people have recorded about what was submitted. */
function reviewLine(reviews: ReviewCounts): string[][] {
  const counts = REVIEWS.filter((review) => reviews[review] > 0).map((each) => `${reviews[each]} ${each}`);
  return counts.length === 0 ? [] : [['reviews', counts.join(', ')]];
}

/** Each code with what to do, and the rows that wait for a person by their numbers. */
function failureLines({ batch, failures, parkedRows }: BatchStatus): string[][] {
  const { id, parked } = batch;
  const lines = failures.map(({ code, rows, hint }) => [
    `  ${code}`,
    `${rows}${hint === '' ? '' : `  → ${hint}`}`,
  ]);
  if (parked === 0) return lines;
  const more = parked > parkedRows.length ? ', …' : '';
  return [
    ...lines,
    ['parked', `${parked} (${parked === 1 ? 'row' : 'rows'} ${parkedRows.join(', ')}${more})`],
    [
      '',
      `→ Whether they arrived is unknown. Find out, then: onboard settle ${id} --row N --as submitted|failed`,
    ],
  ];
}

const happened = (counts: OutcomeCounts) => OUTCOMES.filter((outcome) => counts[outcome] > 0);

function redriveLine({ number, by, filter, begun, upToRow, counts }: CountedRedrive): string[] {
  const became = happened(counts).map((outcome) => `${counts[outcome]} ${outcome}`);
  const upTo = upToRow === undefined ? '' : ` up to row ${upToRow}`;
  const none =
    upToRow === 0
      ? 'no row was taken; if it was interrupted, retry again'
      : `none of its rows${upTo} was free`;
  return [
    `redrive ${number}`,
    `${became.join(', ') || none} (${filter}; ${by}, ${new Date(begun).toISOString()})`,
  ];
}
