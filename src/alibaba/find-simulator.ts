/** Which simulator listens at an endpoint, found out before anything is sent: a call without a signature, which is no call. */
import { simulatorOf } from './simulator.ts';

const ANSWER_WITHIN_MS = 1_000;

/** @returns its instance; undefined if nothing answers, or nothing that names itself */
export async function findSimulator(endpoint: string): Promise<string | undefined> {
  try {
    const response = await fetch(endpoint, {
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await response.body?.cancel();
    return simulatorOf(Object.fromEntries(response.headers));
  } catch {
    return undefined;
  }
}
