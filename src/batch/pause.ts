/** Stops an account until `resume`: nothing more is sent, calls under way finish. */
import type { OpenAccount } from '../onboarding/open-account.ts';
import type { By } from './by.ts';

export async function pauseAccount(
  { queues, deadline, logger }: Pick<OpenAccount, 'queues' | 'deadline' | 'logger'>,
  { by }: By,
): Promise<void> {
  await Promise.all([queues.upload.pause(), queues.submit.pause()]);
  await deadline.pause();
  logger.info({ event: 'account_paused', by }, 'account paused');
}
