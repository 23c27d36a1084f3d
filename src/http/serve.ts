/** Serves until the process is told to stop. */
import { accountsOf } from '../onboarding/accounts.ts';
import { describeRehearsal } from '../onboarding/rehearsal.ts';
import { untilSignal } from '../onboarding/until-signal.ts';
import { type ServerOptions, startServer } from './listen.ts';

const GRACE_SECONDS = 5;

/** @returns the address of the console, which is the page for people */
export async function serve(options: ServerOptions): Promise<{ address: string }> {
  const rehearsal = describeRehearsal(accountsOf(options.onboarding.settings));
  if (rehearsal !== undefined) options.logger.info({ event: 'rehearsal' }, rehearsal);
  const { address, stop } = await startServer(options);
  untilSignal(stop, { graceSeconds: GRACE_SECONDS, logger: options.logger });
  return { address: `${address}/` };
}
