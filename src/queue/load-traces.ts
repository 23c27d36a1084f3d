/**
 * Traces are off unless somebody says where spans are to go. Until then, nothing of OpenTelemetry is loaded, and it need not
 * even be installed.
 */
import type { Agent } from 'node:http';
import { AppError } from '../errors.ts';
import { type Logger, rarely } from '../logger.ts';
import { NO_TRACES, type Traces } from './traces.ts';

export interface TracesOptions {
  /** Address of a collector that takes OTLP over HTTP, without `/v1/traces`; undefined for no traces. */
  endpoint: string | undefined;
  /** Of this software. */
  version: string;
  /** The way to an address: through the proxy of the network, or past it. */
  agentFor: (url: string) => Agent;
  logger: Logger;
}

/** How often it is logged that spans are lost, in milliseconds. */
const TROUBLE_EVERY_MS = 10 * 60_000;

/** OpenTelemetry knows one receiver of spans in a process, so the first endpoint counts for all. */
let loaded: Promise<Traces> | undefined;

/** @throws AppError CONFIG_INVALID if traces are wanted and their packages are not installed */
export async function loadTraces({ endpoint, ...options }: TracesOptions): Promise<Traces> {
  if (endpoint === undefined) return NO_TRACES;
  loaded ??= load(endpoint, options);
  return loaded;
}

async function load(
  endpoint: string,
  { logger, ...options }: Omit<TracesOptions, 'endpoint'>,
): Promise<Traces> {
  const onTrouble = rarely(TROUBLE_EVERY_MS, (error: string) =>
    logger.warn({ event: 'traces_lost', error }, 'spans could not be sent; nothing else depends on them'),
  );
  const { createTraces } = await import('./open-telemetry.ts').catch((cause: unknown) => {
    throw new AppError('CONFIG_INVALID', MISSING, { cause });
  });
  return createTraces({ endpoint, ...options, onTrouble });
}

const MISSING =
  'Traces are wanted, but bullmq-otel and OpenTelemetry are not installed: install with the optional packages.';
