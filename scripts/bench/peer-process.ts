/** The simulator in a process of its own: it sees no call late because of what else a measurement does. */
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import type { Arrival, SimulatorRecord } from '../../src/sandbox/simulator/record.ts';
import { ONBOARD } from '../ensure-built.ts';

export interface PeerProcess {
  /** Directs our programs to it. */
  environment: Record<string, string>;
  program: ChildProgram;
  /** Every call so far, in the order in which they arrived. */
  readArrivals(): Promise<Arrival[]>;
  readSummary(): Promise<ReturnType<SimulatorRecord['summary']>>;
  stop(): Promise<void>;
}

interface PeerOrder {
  /** In milliseconds, as `onboard simulate` has them. */
  jitterMs: number;
  latencyMs: number;
  /** Access keys of other accounts, each as `id:secret`. */
  keys?: readonly string[];
}

export async function startPeerProcess(order: PeerOrder): Promise<PeerProcess> {
  const delays = ['--jitter', String(order.jitterMs), '--latency', String(order.latencyMs)];
  const keys = (order.keys ?? []).flatMap((key) => ['--key', key]);
  const program = new ChildProgram([ONBOARD, 'simulate', '--port', '0', '--json', ...delays, ...keys]);
  await program.says('}', 'stdout');
  const environment: Record<string, string> = JSON.parse(program.output.stdout);
  const read = async (what: string) =>
    (await fetch(`${environment.CHATAPP_ENDPOINT}/simulator/${what}`)).json() as Promise<never>;
  return {
    environment,
    program,
    readArrivals: () => read('arrivals'),
    readSummary: () => read('summary'),
    stop: () => program.stop(),
  };
}
