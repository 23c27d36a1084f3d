/**
 * Whether an account would work: what stops it now, credentials, endpoint, clock, and whether the peer accepts it. One
 * finding each.
 */
import { describeProxy, proxyFor } from '../alibaba/proxy.ts';
import { reach, whyUnreached } from '../alibaba/reach.ts';
import { simulatedAnswer, simulatorOf } from '../alibaba/simulator.ts';
import { AppError, isAboutCustomer } from '../errors.ts';
import { NotNow } from '../pace/not-now.ts';
import { viewAccount } from './account-view.ts';
import { describeHold } from './describe-hold.ts';
import type { Finding } from './finding.ts';
import type { Hold, HoldReason } from './holds.ts';
import type { OpenAccount } from './open-account.ts';
import type { Peer } from './open-peer.ts';

/** A space that belongs to nobody; the peer says so to an account that it accepts. */
const UNKNOWN_SPACE = 'onboard-doctor';
const REACH_WITHIN_MS = 10_000;
const SKEW_SECONDS_MAX = 60;
const RESUME_HINT =
  'Go on now: `onboard resume`. If the key is in a variable, restart the workers before: they still have the old one.';

/** What stops an account without being a fault: a person wants it so, or no worker is started yet. */
const NOTES: readonly HoldReason[] = ['noWorker', 'accountPaused'];

export interface CheckedAccount extends OpenAccount, Peer {
  /** Whether a real call may be made. */
  mayAsk: boolean;
}

export async function checkAccount(checked: CheckedAccount): Promise<Finding[]> {
  const { heldBy, isPaused, workers } = await viewAccount(checked);
  const credentials = await checkCredentials(checked);
  const reach = await checkEndpoint(checked);
  const canAsk = checked.mayAsk && [credentials, ...reach].every(({ isOk }) => isOk);
  const isBroken = heldBy.some(({ reason }) => reason === 'breaker');
  const working: Finding = { what: 'workers', isOk: true, text: `${workers.length} alive` };
  return [
    ...heldBy.map(holdFinding),
    ...(workers.length > 0 ? [working] : []),
    credentials,
    ...reach,
    // Nothing is sent for a paused account, not even this question.
    ...(canAsk && !isPaused ? [await checkAccepted(checked, { isBroken })] : []),
  ];
}

function holdFinding(hold: Hold): Finding {
  const { what, text } = describeHold(hold);
  const finding = { what, text, hint: hold.hint };
  return NOTES.includes(hold.reason) ? { ...finding, isOk: true, isNote: true } : { ...finding, isOk: false };
}

async function checkCredentials({ readCredentials }: Peer): Promise<Finding> {
  const what = 'credentials';
  try {
    const { accessKeyId } = await readCredentials();
    return { what, isOk: true, text: `access key ${accessKeyId.slice(0, 4)}…` };
  } catch (error) {
    return findingOf(what, error);
  }
}

async function checkEndpoint({ account, settings: { proxy }, now }: CheckedAccount): Promise<Finding[]> {
  const way = proxyFor(account.endpoint, proxy);
  const through = way === undefined ? '' : ` through the proxy ${describeProxy(way)}`;
  try {
    const askedAt = now();
    const headers = await reach(account.endpoint, { proxy, withinMs: REACH_WITHIN_MS });
    const simulator = simulatorOf(headers);
    const ours = (askedAt + now()) / 2;
    const isImpostor = account.peer === 'real' && simulator !== undefined;
    const reached: Finding = isImpostor
      ? findingOf('endpoint', simulatedAnswer(account.endpoint, simulator))
      : { what: 'endpoint', isOk: true, text: `${account.endpoint} answers${through}` };
    const theirs = Date.parse(headers.date ?? '');
    return Number.isNaN(theirs) ? [reached] : [reached, clockFinding((ours - theirs) / 1000)];
  } catch (error) {
    const text = `${account.endpoint} cannot be reached${through}: ${whyUnreached(error)}`;
    const hint = 'Check CHATAPP_ENDPOINT, the network, and HTTPS_PROXY and NO_PROXY.';
    return [{ what: 'endpoint', isOk: false, text, hint }];
  }
}

function clockFinding(skewSeconds: number): Finding {
  // The header has whole seconds, so half a second belongs to it.
  const text = `${Math.abs(skewSeconds).toFixed(0)} s off the peer's`;
  if (Math.abs(skewSeconds) <= SKEW_SECONDS_MAX) return { what: 'clock', isOk: true, text };
  const hint = 'Set the clock of this machine by NTP: calls are refused once it is 15 minutes off.';
  return { what: 'clock', isOk: false, text, hint };
}

/** One real call, which takes its turn like every other, but for the breaker: whether it may be closed is the question. */
async function checkAccepted(
  { pacer, chatApp, readCredentials }: CheckedAccount,
  { isBroken }: { isBroken: boolean },
): Promise<Finding> {
  const what = 'accepted';
  const ok = { what, isOk: true, text: 'the peer accepts this account' };
  const again = { isNote: true, hint: RESUME_HINT } as const;
  try {
    await pacer.take('upload', AbortSignal.timeout(REACH_WITHIN_MS), { passesBreaker: true });
    await chatApp.authorize(await readCredentials(), UNKNOWN_SPACE);
  } catch (error) {
    if (!(error instanceof AppError && isAboutCustomer(error))) return findingOf(what, error);
  }
  return isBroken ? { ...ok, ...again } : ok;
}

function findingOf(what: string, error: unknown): Finding {
  // It was asked about a customer that nobody has.
  if (error instanceof AppError) return { what, isOk: false, text: error.fullMessage, hint: error.hint };
  if (error instanceof NotNow)
    return { what, isOk: false, text: error.message, hint: 'See `onboard status`.' };
  throw error;
}
