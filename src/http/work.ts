/** Works until the process is told to stop, and answers for it on a port if there is one. */
import type { Onboarding, Workers, WorkersOrder } from '../index.ts';
import type { Logger } from '../logger.ts';
import { untilSignal } from '../onboarding/until-signal.ts';
import { limitHeapGrowth } from './heap-growth.ts';
import type { Place } from './listening.ts';

export interface WorkOptions {
  onboarding: Onboarding;
  logger: Logger;
  order?: WorkersOrder;
}

/** @throws AppError those of `startWorkers`, and USAGE if the port cannot be had */
export async function work({ onboarding, logger, order = {} }: WorkOptions): Promise<void> {
  limitHeapGrowth();
  const { probes: place, graceSeconds } = onboarding.settings.workers;
  // Before the workers, which take a moment: they are seen to start, and a port that is taken costs nobody a job.
  const probes = place && (await answerOn(place, logger));
  try {
    const workers = await onboarding.startWorkers(order);
    probes?.watch(workers);
  } catch (error) {
    await probes?.stop();
    throw error;
  }
  const close = async () => {
    await onboarding.close();
    await probes?.stop();
  };
  untilSignal(close, { graceSeconds, logger });
}

async function answerOn(place: Place, logger: Logger) {
  // Loaded only where it is wanted: most workers have no port.
  const { buildWorkerApp } = await import('./worker-app.ts');
  const { listenOn } = await import('./listening.ts');
  let watched: Workers | undefined;
  const app = buildWorkerApp(() => watched);
  const chosen = 'with ONBOARD_WORKER_PORT';
  const address = await listenOn(app, place, { host: chosen, port: chosen });
  logger.info({ event: 'probes_answered', address }, 'probes and metrics are answered here');
  return {
    watch(workers: Workers) {
      watched = workers;
    },
    stop: () => app.close(),
  };
}
