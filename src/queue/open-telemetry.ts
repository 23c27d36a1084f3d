/** Traces by OpenTelemetry. Loaded only when they are on: only `load-traces.ts` imports this, and not before. */
import type { Agent } from 'node:http';
import { context, DiagLogLevel, diag, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { BullMQOtel } from 'bullmq-otel';
import pTimeout from 'p-timeout';
import { AppError } from '../errors.ts';
import { cut } from '../printable.ts';
import { withoutData } from './telemetry.ts';
import type { TraceFacts, Traces } from './traces.ts';

const NAME = 'isv-onboarding';
/** Longest wait for a collector that does not answer, in milliseconds: in the background, and when a process ends. */
const SEND_MS_MAX = 3_000;
const FLUSH_MS_MAX = 1_000;
const TROUBLE_LENGTH_MAX = 300;

export interface TelemetryOptions {
  endpoint: string;
  version: string;
  /** The way to the collector: through the proxy of the network, or past it. */
  agentFor: (url: string) => Agent;
  /** Told that spans could not be sent. */
  onTrouble: (error: string) => void;
}

/** Sampler, headers and name of the service are those of OpenTelemetry's own variables, which it reads by itself. */
export function createTraces({ endpoint, version, agentFor, onTrouble }: TelemetryOptions): Traces {
  const quiet = () => undefined;
  const error = (text: string) => onTrouble(cut(text, TROUBLE_LENGTH_MAX));
  diag.setLogger({ error, warn: quiet, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.ERROR);
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  const own = resourceFromAttributes({ 'service.name': NAME, 'service.version': version });
  const exporter = new OTLPTraceExporter({
    url,
    timeoutMillis: SEND_MS_MAX,
    httpAgentOptions: () => agentFor(url),
  });
  const provider = new NodeTracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  const tracer = trace.getTracer(NAME, version);
  return {
    telemetry: withoutData(new BullMQOtel({ tracerName: NAME, version })),
    span: (name, facts, run) =>
      tracer.startActiveSpan(name, { attributes: named(facts) }, async (span) => {
        try {
          return await run();
        } catch (failure) {
          // Its message may quote what was read.
          span.setStatus({ code: SpanStatusCode.ERROR });
          if (failure instanceof AppError) span.setAttributes(named({ code: failure.shownCode }));
          throw failure;
        } finally {
          span.end();
        }
      }),
    // What else a caller may send along, such as baggage, does not go on.
    within: ({ traceparent, tracestate }, run) =>
      context.with(propagation.extract(context.active(), { traceparent, tracestate }), run),
    tell: (facts) => void trace.getSpan(context.active())?.setAttributes(named(facts)),
    flush: () =>
      pTimeout(send(provider, exporter), {
        milliseconds: FLUSH_MS_MAX,
        fallback: () => error(`nothing was taken within ${FLUSH_MS_MAX} ms, and this process does not wait`),
      }).catch((failure: unknown) => error(String(failure))),
  };
}

/** The provider does not wait for what is on its way already. */
async function send(provider: NodeTracerProvider, exporter: OTLPTraceExporter): Promise<void> {
  await provider.forceFlush();
  await exporter.forceFlush();
}

const named = (facts: TraceFacts) =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [`onboard.${name}`, value]));
