/** Stops an account until `resume`: nothing more is sent, calls in progress finish. */
import type { OpenAccount } from '../onboarding/open-account.ts';
import { STEPS } from '../redis/keys.ts';
import type { By } from './by.ts';

/** The pause is stored first, so nothing is granted from then on. The queues are paused too, for dashboards to show. */
export async function pauseAccount(
  { pause, queues, logger }: Pick<OpenAccount, 'pause' | 'queues' | 'logger'>,
  { by }: By,
): Promise<void> {
  await pause.set(by);
  await Promise.all(STEPS.map((step) => queues[step].pause()));
  logger.info({ event: 'account_paused', by }, 'account paused');
}
