/** What upkeep does for one account: keeps rows moving every half minute, and tidies up every ten minutes. */
import { hostname } from 'node:os';
import { purgeExpired } from '../src/batch/purge.ts';
import { keepSchedule } from '../src/batch/schedule.ts';
import { placeText } from '../src/ledger/place.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';
import { keepPaused } from '../src/queue/keep-paused.ts';
import { writeUpkeepReport } from '../src/queue/upkeep-report.ts';
import type { Complaints } from './complaints.ts';
import type { JobWalk, Walked, WalkLimits } from './job-walk.ts';

/** Restores what BullMQ lost, and gives jobs to rows that have none. */
export async function keepMoving(
  account: OpenAccount,
  { walk, complaints, limits }: { walk: JobWalk; complaints: Complaints; limits: WalkLimits },
): Promise<Walked> {
  const { redis } = account;
  let walked: Walked = { given: 0, isOver: true };
  // The pause comes first, so that the jobs added below are not even fetched.
  await complaints.guard('pause', () => keepPaused(redis, account.account.ledger));
  await complaints.guard('schedule', () => keepSchedule(account));
  await complaints.guard('jobs', async () => {
    walked = await walk.run(limits);
    await report(account, walked.given);
  });
  await complaints.guard('followers', () => tellFollowers(account, complaints));
  return walked;
}

/** Whoever ended the doubt about a row may have died before all rows that failed because of it were told. */
async function tellFollowers({ ledger }: OpenAccount, complaints: Complaints): Promise<void> {
  for (const place of await ledger.listUnparked())
    await complaints.guard(`followers of ${placeText(place)}`, () => ledger.followUnparked(place));
}

async function report({ account, redis, logger, now }: OpenAccount, given: number): Promise<void> {
  const by = `${hostname()}:${process.pid}`;
  await writeUpkeepReport(redis, account.ledger, { at: now(), by, rowsWithoutJob: given });
  if (given > 0)
    logger.warn({ event: 'jobs_given', rows: given }, 'active rows had lost their jobs and got new ones');
}

/** Removes batches past their retention. */
export async function tidyUp(account: OpenAccount, complaints: Complaints): Promise<void> {
  await complaints.guard('retention', () => purgeExpired(account));
}
