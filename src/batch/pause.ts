/** Stops an account until `resume`: nothing more is sent, calls under way finish. */
import type { OpenAccount } from '../onboarding/open-account.ts';
import { STEPS } from '../redis/keys.ts';
import type { By } from './by.ts';

/** The fact comes first: from here on nothing is granted. That the queues are paused too, dashboards see. */
export async function pauseAccount(
  { pause, queues, deadline, logger }: Pick<OpenAccount, 'pause' | 'queues' | 'deadline' | 'logger'>,
  { by }: By,
): Promise<void> {
  await pause.set(by);
  await Promise.all(STEPS.map((step) => queues[step].pause()));
  await deadline.pause();
  logger.info({ event: 'account_paused', by }, 'account paused');
}
