/** What every process looks at with each of its heartbeats, because it cannot wait for the next upkeep. */
import { AppError } from '../src/errors.ts';
import { liftImpossibleLimits } from '../src/queue/queues.ts';
import { checkForward } from './seq-watch.ts';
import type { WorkerAccount } from './step.ts';

/** Notices a Redis that came back with an older ledger, or whose clock was set back. */
export async function look(account: WorkerAccount): Promise<void> {
  await checkForward(account);
  // Not awaited: the store may take its time, and this process lives meanwhile. No submit leaves before it is done.
  void account.noted.learnIfStale().catch((error: unknown) => {
    if (error instanceof AppError) account.machine.hold(error);
  });
  const lifted = await liftImpossibleLimits(account.queues);
  if (lifted > 0)
    account.logger.warn(
      { event: 'limits_lifted', queues: lifted },
      'the clock of Redis was set back; queue limits lifted',
    );
}
