/** Which simulator listens at an endpoint, found out before anything is sent: a call without a signature, which is no call. */
import type { ProxySettings } from './proxy.ts';
import { reach } from './reach.ts';
import { simulatorOf } from './simulator.ts';

const ANSWER_WITHIN_MS = 1_000;

/** @returns its instance; undefined if nothing answers, or nothing that names itself */
export async function findSimulator(endpoint: string, proxy: ProxySettings): Promise<string | undefined> {
  try {
    return simulatorOf(await reach(endpoint, { proxy, withinMs: ANSWER_WITHIN_MS }));
  } catch {
    return undefined;
  }
}
