/** What BullMQ's spans may say: only what is listed, whatever it has to say. */
import type { Span, Telemetry } from 'bullmq';
import { expect, it } from 'vitest';
import { withoutData } from '../../src/queue/telemetry.ts';

const PRODUCER = 3;

/** Notes everything that reaches a span. */
function makeTelemetry() {
  const said: unknown[] = [];
  const span: Span = {
    setSpanOnContext: (context) => ({ ...context, isInside: true }),
    setAttribute: (key, value) => said.push([key, value]),
    setAttributes: (attributes) => said.push(attributes),
    addEvent: (name, attributes) => said.push([name, attributes]),
    recordException: (exception) => said.push(exception),
    end: () => said.push('end'),
  };
  const contextManager: Telemetry['contextManager'] = {
    with: (_context, run) => run(),
    active: () => ({}),
    getMetadata: () => '',
    fromMetadata: () => ({}),
  };
  const startSpan = (name: string) => {
    said.push(name);
    return span;
  };
  return { said, telemetry: withoutData({ tracer: { startSpan }, contextManager }) };
}

it('a span is named after its operation, and has only what is listed', () => {
  const { said, telemetry } = makeTelemetry();
  const span = telemetry.tracer.startSpan('add submits.default.C100001', { kind: PRODUCER });
  span.setAttribute('bullmq.job.name', 'C100001');
  span.setAttribute('bullmq.job.id', 'sub-b1-1');
  span.setAttributes({ 'bullmq.job.bulk.names': ['C100001'], 'bullmq.job.bulk.count': 1 });
  span.addEvent('job failed', { 'bullmq.job.failed.reason': 'a secret' });
  span.recordException(new Error('a secret'));
  expect(span.setSpanOnContext({})).toEqual({ isInside: true });
  span.end();
  expect(said).toEqual([
    'add',
    ['bullmq.job.id', 'sub-b1-1'],
    { 'bullmq.job.bulk.count': 1 },
    ['job failed', undefined],
    'end',
  ]);
});

it.each(['getNextJob uploads.default', 'moveStalledJobsToWait uploads.default', 'complete uploads.default'])(
  'no span comes of %s, and what runs inside belongs to the span around it',
  (name) => {
    const { said, telemetry } = makeTelemetry();
    const span = telemetry.tracer.startSpan(name, { kind: PRODUCER });
    span.setAttributes({ 'bullmq.job.id': 'sub-b1-1' });
    expect(span.setSpanOnContext({ isOuter: true })).toEqual({ isOuter: true });
    span.end();
    expect(said).toEqual([]);
  },
);
