/** Traces: the way of each row through the queues, as spans. */
import type { Telemetry } from 'bullmq';

/** Never a customer's data: batch, row, counts, outcomes and codes. */
export type TraceFacts = Record<string, string | number | undefined>;

/** Of a caller's trace, as the headers of W3C Trace Context have it. */
export interface TraceParent {
  traceparent?: string;
  tracestate?: string;
}

export interface Traces {
  /** For queues and workers; undefined while traces are off. */
  telemetry: Telemetry | undefined;
  /** Runs something as a span; jobs that it adds, and what becomes of them, belong to the same trace. */
  span<T>(name: string, facts: TraceFacts, run: () => Promise<T>): Promise<T>;
  /** Runs something as a part of a caller's trace; what is no such parent begins none. */
  within(parent: TraceParent, run: () => void): void;
  /** Adds facts to the span that is open here. */
  tell(facts: TraceFacts): void;
  /** Sends what was not sent yet; gives up soon, and never fails. */
  flush(): Promise<void>;
}

export const NO_TRACES: Traces = {
  telemetry: undefined,
  span: (_name, _facts, run) => run(),
  within: (_parent, run) => run(),
  tell: () => undefined,
  flush: async () => undefined,
};
