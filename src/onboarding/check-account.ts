/** Whether an account would work: credentials, endpoint, clock, and whether the peer accepts us. One finding each. */
import { AppError } from '../errors.ts';
import { NotNow } from '../pace/not-now.ts';
import type { AccountRuntime } from './open-account.ts';

export interface Finding {
  what: string;
  isOk: boolean;
  text: string;
  /** What to do, where it is not ok. */
  mend?: string;
}

/** A space that belongs to nobody: an account that is accepted is told so. */
const UNKNOWN_SPACE = 'onboard-doctor';
const REACH_WITHIN_MS = 10_000;
const SKEW_SECONDS_MAX = 60;

export async function checkAccount(runtime: AccountRuntime): Promise<Finding[]> {
  const credentials = await checkCredentials(runtime);
  const reach = await checkEndpoint(runtime);
  const canAsk = [credentials, ...reach].every(({ isOk }) => isOk);
  return [credentials, ...reach, ...(canAsk ? [await checkAccepted(runtime)] : [])];
}

async function checkCredentials({ readCredentials }: AccountRuntime): Promise<Finding> {
  const what = 'credentials';
  try {
    const { accessKeyId } = await readCredentials();
    return { what, isOk: true, text: `access key ${accessKeyId.slice(0, 4)}…` };
  } catch (error) {
    return findingOf(what, error);
  }
}

async function checkEndpoint({ account }: AccountRuntime): Promise<Finding[]> {
  try {
    const asked = Date.now();
    const response = await fetch(account.endpoint, {
      redirect: 'manual',
      signal: AbortSignal.timeout(REACH_WITHIN_MS),
    });
    const now = (asked + Date.now()) / 2;
    await response.body?.cancel();
    const reached: Finding = { what: 'endpoint', isOk: true, text: `${account.endpoint} answers` };
    const date = Date.parse(response.headers.get('date') ?? '');
    return Number.isNaN(date) ? [reached] : [reached, clockFinding((now - date) / 1000)];
  } catch {
    const text = `${account.endpoint} cannot be reached`;
    return [
      { what: 'endpoint', isOk: false, text, mend: 'Check CHATAPP_ENDPOINT, the network and the proxy.' },
    ];
  }
}

function clockFinding(skewSeconds: number): Finding {
  // The header has whole seconds, so half a second belongs to it.
  const text = `${Math.abs(skewSeconds).toFixed(0)} s from the peer's`;
  if (Math.abs(skewSeconds) <= SKEW_SECONDS_MAX) return { what: 'clock', isOk: true, text };
  return {
    what: 'clock',
    isOk: false,
    text,
    mend: 'Let NTP set the clock of this machine; calls are refused from 15 minutes on.',
  };
}

/** One real call, which takes its turn like every other. */
async function checkAccepted({ pacer, chatApp, readCredentials }: AccountRuntime): Promise<Finding> {
  const what = 'accepted';
  const ok = { what, isOk: true, text: 'the peer accepts this account' };
  try {
    await pacer.take('upload', AbortSignal.timeout(REACH_WITHIN_MS));
    await chatApp.authorize(await readCredentials(), UNKNOWN_SPACE);
    return ok;
  } catch (error) {
    if (error instanceof AppError && (error.class === 'customer' || error.class === 'unknown')) return ok;
    return findingOf(what, error);
  }
}

function findingOf(what: string, error: unknown): Finding {
  if (error instanceof AppError) return { what, isOk: false, text: error.message, mend: error.hint };
  if (error instanceof NotNow)
    return { what, isOk: false, text: error.message, mend: 'See `onboard status`.' };
  throw error;
}
