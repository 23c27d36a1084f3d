/**
 * How long a request may take to arrive. Node knows one limit for all of a server, and a folder of agreements takes longer
 * over a slow line than anything else may: so whatever does not time its own body is timed here.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** As Node's own answer to a request that never ends. */
const TOO_LATE = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** For all routes that are added afterwards and do not read their bodies themselves. @param withinMs from the headers on */
export function limitBodyTime(app: FastifyInstance, withinMs: number): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.readsOwnBody || !hasBody(request)) return;
    const { raw } = request;
    const late = setTimeout(() => {
      if (raw.complete) return;
      // Whoever was answered early would take another answer for that of the next request.
      if (reply.raw.writableEnded) raw.destroy();
      else raw.socket.end(TOO_LATE, () => raw.socket.destroy());
    }, withinMs);
    raw.once('close', () => clearTimeout(late));
  });
}

const hasBody = ({ headers }: FastifyRequest) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
