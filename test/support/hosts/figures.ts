/** What a run on several hosts came to, counted at the peer, in the ledger and in the logs. */
import { rowsOf } from '../rows.ts';
import type { HostsWorld } from './hosts-world.ts';

export interface Figures {
  /** That the peer has accepted. */
  customers: number;
  /** From the first call to the last. */
  seconds: number;
  authorize: StepFigures;
  submit: StepFigures;
  /** Customers that the peer accepted more than once; the row of each says that an answer was lost. */
  twice: number;
  /** Those of them whose row does not say so. */
  twiceUnflagged: string[];
  /** Rows that say that an answer was lost. */
  flagged: number;
  /** Rows submitted by each host, as its log says. */
  byHost: number[];
}

interface StepFigures {
  calls: number;
  throttled: number;
  mostInOneSecond: number;
}

export async function figuresOf(world: HostsWorld, batchId: string): Promise<Figures> {
  const { record } = world.simulator.state;
  const { authorize, submit, acceptedCustomers } = record.summary();
  const times = new Map<string, number>();
  for (const { custSpaceId } of record.accepted) times.set(custSpaceId, (times.get(custSpaceId) ?? 0) + 1);
  const rows = await rowsOf(world, batchId);
  const timesOf = (id: string) => times.get(id) ?? 0;
  const twice = rows.filter(({ record: { custSpaceId } }) => timesOf(custSpaceId) > 1);
  const [first, last] = [record.arrivals[0]?.at ?? 0, record.arrivals.at(-1)?.at ?? 0];
  return {
    ...{ customers: acceptedCustomers, authorize, submit },
    seconds: Math.round((last - first) / 100) / 10,
    twice: twice.length,
    twiceUnflagged: twice
      .filter(({ record: { custSpaceId, ambiguous } }) => ambiguous < timesOf(custSpaceId) - 1)
      .map(({ record: { custSpaceId } }) => custSpaceId),
    flagged: rows.filter((row) => row.record.ambiguous > 0).length,
    byHost: world.hosts.map(({ worker }) => worker.output.stderr.split('"row_submitted"').length - 1),
  };
}

/** For a document. */
export function renderFigures({ customers, seconds, authorize, submit, ...rest }: Figures): string {
  const { twice, twiceUnflagged, flagged, byHost } = rest;
  const steps = { authorize, submit };
  return [
    `${customers} customers in ${seconds} s, submitted by the hosts: ${byHost.join(', ')}`,
    ...Object.entries(steps).map(
      ([name, { calls, throttled, mostInOneSecond }]) =>
        `${name}: ${calls} calls, ${throttled} throttled, at most ${mostInOneSecond} in any second`,
    ),
    `accepted twice: ${twice}, unflagged: ${twiceUnflagged.length}, flagged rows: ${flagged}`,
    '',
  ].join('\n');
}
