/** The trace of a caller goes on with what its request begins, if traces are wanted. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Onboarding } from '../index.ts';
import type { TraceParent } from '../queue/traces.ts';
import type { Api } from './api-instance.ts';

/** On all routes that are added afterwards, and only for those who may ask. */
export function continueTraces(api: Api, onboarding: Pick<Onboarding, 'settings' | 'traces'>): void {
  if (onboarding.settings.tracesEndpoint === undefined) return;
  api.addHook('preHandler', (request, _reply, done) => {
    // Whatever goes on from here belongs to that trace.
    onboarding.traces().then((traces) => traces.within(parentOf(request.headers), done), done);
  });
}

function parentOf({ traceparent, tracestate }: IncomingHttpHeaders): TraceParent {
  return {
    ...(typeof traceparent === 'string' && { traceparent }),
    ...(typeof tracestate === 'string' && { tracestate }),
  };
}
