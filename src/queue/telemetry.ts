/**
 * What BullMQ may say in spans. By itself it says too much: the name of a job is the customer's id, the reason of a failure
 * is whatever text an error has, and a worker has spans without end that are about no job. What is not listed here is left
 * out.
 */
import type { Attributes, Span, Telemetry } from 'bullmq';

/** The operations that become spans, each of a job or of many. */
const OPERATIONS: ReadonlySet<string> = new Set(['add', 'addBulk', 'process']);

const ATTRIBUTES: ReadonlySet<string> = new Set([
  'bullmq.queue.name',
  'bullmq.queue.operation',
  'bullmq.job.id',
  'bullmq.job.bulk.count',
  'bullmq.job.attempts.made',
]);

export function withoutData(telemetry: Telemetry): Telemetry {
  const { tracer, contextManager } = telemetry;
  return {
    contextManager,
    tracer: {
      startSpan(name, options, parent) {
        // What follows the operation may be a queue, or a queue and the name of a job.
        const [operation = ''] = name.split(' ');
        return OPERATIONS.has(operation) ? limited(tracer.startSpan(operation, options, parent)) : NO_SPAN;
      },
    },
  };
}

function limited(span: Span): Span {
  return {
    setSpanOnContext: (context) => span.setSpanOnContext(context),
    setAttribute(key, value) {
      if (ATTRIBUTES.has(key)) span.setAttribute(key, value);
    },
    setAttributes: (attributes) => span.setAttributes(listed(attributes)),
    addEvent: (name) => span.addEvent(name),
    recordException: () => undefined,
    end: () => span.end(),
  };
}

function listed(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => ATTRIBUTES.has(key)));
}

/** What runs inside it belongs to the span around it. */
const NO_SPAN: Span = {
  setSpanOnContext: (context) => context,
  setAttribute: () => undefined,
  setAttributes: () => undefined,
  addEvent: () => undefined,
  recordException: () => undefined,
  end: () => undefined,
};
