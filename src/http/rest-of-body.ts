/**
 * What is left of a body when its request is refused. A connection that is closed while the client still writes is reset, and
 * the answer is lost with it; so what comes soon is read first, and thrown away.
 */
import { finished } from 'node:stream/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Over a slow line much more may be left: then the connection is closed all the same. */
const WITHIN_MS = 2_000;

/** Waits for the rest, and closes the connection after the answer if it has not come: it would be taken for another request. */
export async function dropRest({ raw }: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (!raw.complete) {
    raw.unpipe().resume();
    // However it ends, `complete` tells.
    await finished(raw, { signal: AbortSignal.timeout(WITHIN_MS) }).catch(() => undefined);
  }
  if (!raw.complete) reply.header('connection', 'close');
}
