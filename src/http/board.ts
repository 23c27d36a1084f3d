/** bull-board at `/queues`: the queues of every account, read-only unless allowed. */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import type { Onboarding } from '../index.ts';
import type { Logger } from '../logger.ts';
import { nameOf } from './access.ts';
import { addBoardPauses } from './board-pauses.ts';
import { BOARD_POLICY, policyOf } from './headers.ts';

export const BOARD_PATH = '/queues';

/** Its page asks another host for fonts; with those that the machine has it looks much the same. */
const FOREIGN_LINK = /<link\b[^>]*\bhref="(?:https?:)?\/\/[^>]*>/g;

export interface BoardOptions {
  onboarding: Pick<Onboarding, 'queues' | 'pauseAccount' | 'resumeAccount'>;
  allowsWrites: boolean;
  /** Below which everything is served. */
  basePath: string;
  /** Whether there is somebody to log out. */
  hasLogin: boolean;
  logger: Logger;
}

export async function addBoard(app: FastifyInstance, options: BoardOptions): Promise<void> {
  const { allowsWrites, basePath, logger, onboarding } = options;
  const queues = await onboarding.queues();
  const path = `${basePath}${BOARD_PATH}`;
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(path);
  const adapterOptions = { readOnlyMode: !allowsWrites, allowRetries: false };
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, adapterOptions)),
    serverAdapter,
    options: {
      uiConfig: {
        boardTitle: 'isv-onboarding',
        pollingInterval: { forceInterval: 1 },
        miscLinks: options.hasLogin ? [{ text: 'Log out', url: `${basePath}/logout` }] : [],
      },
      handlerHooks: {
        // Retrying, removing and adding belong to `onboard retry`, `cancel` and `import`, which keep the counts right; a
        // rate limit set here would break the pace.
        before: ({ method }) => (method === 'get' ? { allow: true } : { allow: false, status: 403 }),
      },
    },
  });
  await app.register(
    async (board) => {
      guardBoard(board, logger);
      if (allowsWrites) addBoardPauses(board, { queues, onboarding, path });
      await board.register(serverAdapter.registerPlugin());
    },
    { prefix: BOARD_PATH },
  );
}

/** Says whom its routes are for, what its page may load, and who wrote through it. */
function guardBoard(board: FastifyInstance, logger: Logger): void {
  board.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    const isReading = methods.every((method) => method === 'GET' || method === 'HEAD');
    route.config = { ...route.config, role: isReading ? 'viewer' : 'operator' };
  });
  board.addHook('onRequest', async (_request, reply) => {
    await reply.helmet(policyOf(BOARD_POLICY));
  });
  board.addHook('onSend', async (_request, reply, payload) =>
    typeof payload === 'string' && String(reply.getHeader('content-type')).startsWith('text/html')
      ? payload.replace(FOREIGN_LINK, '')
      : payload,
  );
  board.addHook('onResponse', async (request, reply) => {
    if (request.method === 'GET' || request.method === 'HEAD' || request.user === undefined) return;
    const { method, routeOptions } = request;
    const asked = { method, route: routeOptions.url, status: reply.statusCode };
    logger.info({ event: 'board_write', by: nameOf(request), ...asked }, 'write through bull-board');
  });
}
