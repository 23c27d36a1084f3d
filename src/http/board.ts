/** bull-board at `/queues`: the queues of every account, read-only unless allowed. */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Queue } from 'bullmq';
import type { FastifyPluginCallback } from 'fastify';
import type { Logger } from '../logger.ts';

export const BOARD_PATH = '/queues';

/**
 * The writes that may be allowed. All others go around the ledger: retrying, removing and adding belong to
 * `onboard retry`, `cancel` and `import`, which keep the counts right, and a rate limit set here would break the pace.
 */
const ALLOWED_WRITES = new Set([
  '/api/queues/pause',
  '/api/queues/resume',
  '/api/queues/:queueName/pause',
  '/api/queues/:queueName/resume',
]);

export interface BoardOptions {
  queues: readonly Queue[];
  allowsWrites: boolean;
  logger: Logger;
}

export function createBoard({ queues, allowsWrites, logger }: BoardOptions): FastifyPluginCallback {
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(BOARD_PATH);
  const adapterOptions = { readOnlyMode: !allowsWrites, allowRetries: false };
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, adapterOptions)),
    serverAdapter,
    options: {
      uiConfig: { boardTitle: 'isv-onboarding', pollingInterval: { forceInterval: 1 } },
      handlerHooks: {
        before: ({ method, route }) => {
          if (method === 'get') return { allow: true };
          const isAllowed = allowsWrites && ALLOWED_WRITES.has(route);
          logger.info({ event: 'board_write', method, route, isAllowed }, 'write through bull-board');
          return isAllowed ? { allow: true } : { allow: false, status: 403 };
        },
      },
    },
  });
  return serverAdapter.registerPlugin();
}
