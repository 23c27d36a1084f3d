/**
 * Connections that never asked for anything. Browsers and other clients open them ahead of need; to Node they are not idle,
 * and a server that closes would wait a minute for the first request.
 */
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Ends them when the application closes. To be called before anything else is added. */
export function closeUnasked(app: FastifyInstance): void {
  const unasked = new Set<Socket>();
  let isClosing = false;
  app.server.on('connection', (socket: Socket) => {
    if (isClosing) return void socket.destroy();
    unasked.add(socket);
    socket.once('close', () => unasked.delete(socket));
  });
  app.server.on('request', ({ socket }) => unasked.delete(socket));
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const socket of unasked) socket.destroy();
  });
}
