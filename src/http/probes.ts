/** What a supervisor asks: whether the process lives, and whether it can do its work now. */
import type { FastifyInstance } from 'fastify';

/** The rest is shown to whoever asks. */
export interface Readiness {
  isReady: boolean;
  [fact: string]: unknown;
}

/** `/healthz`: 200 as long as the process answers. `/readyz`: 200 or 503, with what is missing. */
export function addProbes(app: FastifyInstance, readiness: () => Promise<Readiness>): void {
  app.get('/healthz', { config: { role: 'probe' } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { config: { role: 'probe' } }, async (_request, reply) => {
    const { isReady, ...facts } = await readiness();
    return reply.code(isReady ? 200 : 503).send(facts);
  });
}
