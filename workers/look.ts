/** What every process looks at with each of its heartbeats, because it cannot wait for the next upkeep. */
import { liftImpossibleLimits } from '../src/queue/queues.ts';
import { checkForward } from './seq-watch.ts';
import type { WorkerAccount } from './step.ts';

/** Notices a Redis that came back with an older ledger, or whose clock was set back. */
export async function look(account: WorkerAccount): Promise<void> {
  await checkForward(account);
  await account.noted.learnIfStale();
  const lifted = await liftImpossibleLimits(account.queues);
  if (lifted > 0)
    account.logger.warn(
      { event: 'limits_lifted', queues: lifted },
      'the clock of Redis was set back; queue limits lifted',
    );
}
