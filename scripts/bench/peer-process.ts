/** The simulator in a process of its own: it sees no call late because of what else a measurement does. */
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import type { Arrival, SimulatorRecord } from '../../src/sandbox/simulator/record.ts';
import { ONBOARD } from '../ensure-built.ts';

export interface PeerProcess {
  /** Directs our programs to it. */
  environment: Record<string, string>;
  /** Every call so far, in the order in which they arrived. */
  readArrivals(): Promise<Arrival[]>;
  readSummary(): Promise<ReturnType<SimulatorRecord['summary']>>;
  stop(): Promise<void>;
}

/** @param order in milliseconds, as `onboard simulate` has them */
export async function startPeerProcess(order: { jitterMs: number; latencyMs: number }): Promise<PeerProcess> {
  const delays = ['--jitter', String(order.jitterMs), '--latency', String(order.latencyMs)];
  const program = new ChildProgram([ONBOARD, 'simulate', '--port', '0', '--json', ...delays]);
  await program.says('}', 'stdout');
  const environment: Record<string, string> = JSON.parse(program.output.stdout);
  const read = async (what: string) =>
    (await fetch(`${environment.CHATAPP_ENDPOINT}/simulator/${what}`)).json() as Promise<never>;
  return {
    environment,
    readArrivals: () => read('arrivals'),
    readSummary: () => read('summary'),
    stop: () => program.stop(),
  };
}
