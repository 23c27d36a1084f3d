/** What the simulator saw: every arrival, so that tests can count calls per second, duplicates and order. */
import { mostInOneSecond } from './rolling-window.ts';

export type SimulatedOperation = 'authorize' | 'put' | 'submit' | 'list';

export interface Arrival {
  operation: SimulatedOperation;
  /** Milliseconds, monotonic. */
  at: number;
  accessKeyId: string;
  /** CustSpaceId, the object key of a put, or the page of a list. */
  subject: string;
  /** What it was answered: `OK`, an error code, or the kind of fault. */
  answer: string;
  /** The peer carried the call out, whether or not the caller learned of it. */
  isDone: boolean;
}

export interface Acceptance {
  custSpaceId: string;
  isvTerms: string;
  fields: Record<string, string>;
}

export class SimulatorRecord {
  readonly arrivals: Arrival[] = [];
  readonly accepted: Acceptance[] = [];
  badSignatures = 0;

  arrive(arrival: Omit<Arrival, 'answer' | 'isDone'>): Arrival {
    const entry = { ...arrival, answer: 'pending', isDone: false };
    this.arrivals.push(entry);
    return entry;
  }

  count(operation: SimulatedOperation): number {
    return this.arrivals.filter((arrival) => arrival.operation === operation).length;
  }

  clear(): void {
    this.arrivals.length = 0;
    this.accepted.length = 0;
    this.badSignatures = 0;
  }

  /** Numbers for people and tests. */
  summary() {
    const customers = new Set(this.accepted.map(({ custSpaceId }) => custSpaceId));
    return {
      authorize: this.#summaryOf('authorize'),
      put: this.#summaryOf('put'),
      submit: this.#summaryOf('submit'),
      list: this.#summaryOf('list'),
      acceptedCustomers: customers.size,
      acceptedTwice: this.accepted.length - customers.size,
      badSignatures: this.badSignatures,
    };
  }

  #summaryOf(operation: SimulatedOperation) {
    const arrivals = this.arrivals.filter((arrival) => arrival.operation === operation);
    const byKey = groupByKey(arrivals);
    const most = [...byKey.values()].map((list) => mostInOneSecond(list.map(({ at }) => at)));
    return {
      calls: arrivals.length,
      throttled: arrivals.filter(({ answer }) => answer === 'Throttling.User').length,
      mostInOneSecond: Math.max(0, ...most),
    };
  }
}

function groupByKey(arrivals: readonly Arrival[]): Map<string, Arrival[]> {
  const groups = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const group = groups.get(arrival.accessKeyId);
    if (group) group.push(arrival);
    else groups.set(arrival.accessKeyId, [arrival]);
  }
  return groups;
}
