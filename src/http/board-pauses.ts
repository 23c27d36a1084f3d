/**
 * Pausing and resuming in bull-board, which would only change BullMQ's marks: they hold no call back, and do not say whose
 * they are. Here it is an account that is paused or resumed, under the name of whoever does it, as everywhere else.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Onboarding } from '../index.ts';
import { accountNameOf } from '../redis/keys.ts';
import { nameOf } from './access.ts';
import { sendFailure } from './failures.ts';

/** The routes of bull-board that pause or resume, and what is done instead. */
const PAUSES = new Map([
  ['/api/queues/pause', 'pauseAccount'],
  ['/api/queues/resume', 'resumeAccount'],
  ['/api/queues/:queueName/pause', 'pauseAccount'],
  ['/api/queues/:queueName/resume', 'resumeAccount'],
] as const);

type Queues = Awaited<ReturnType<Onboarding['queues']>>;

export interface BoardPausesOptions {
  queues: Queues;
  onboarding: Pick<Onboarding, 'pauseAccount' | 'resumeAccount'>;
  /** Below which the board is. */
  path: string;
}

export function addBoardPauses(board: FastifyInstance, options: BoardPausesOptions): void {
  const verbs: ReadonlyMap<string, 'pauseAccount' | 'resumeAccount'> = new Map(
    [...PAUSES].map(([route, verb]) => [`${options.path}${route}`, verb]),
  );
  board.addHook('preHandler', async (request, reply) => {
    const verb = verbs.get(request.routeOptions.url ?? '');
    const accounts = accountsOf(request, options.queues);
    // bull-board refuses the rest.
    if (verb === undefined || accounts.length === 0) return;
    await answer(request, reply, async () => {
      const failures: unknown[] = [];
      // All of them, whatever comes of one: who stops everything must not find that the others have gone on.
      for (const account of accounts)
        await options.onboarding[verb]({ account, by: nameOf(request) }).catch((error: unknown) => {
          failures.push(error);
        });
      if (failures.length > 0) throw failures[0];
    });
  });
}

/** Of the queue that is named, or of all. */
function accountsOf({ params }: FastifyRequest, queues: Queues): string[] {
  const { queueName } = params as { queueName?: string };
  const meant = queues.filter(({ name }) => queueName === undefined || name === queueName);
  return [...new Set(meant.map(({ opts }) => accountNameOf((opts.prefix ?? '').slice(1, -1))))];
}

async function answer(request: FastifyRequest, reply: FastifyReply, act: () => Promise<void>): Promise<void> {
  try {
    await act();
    await reply.send({});
  } catch (error) {
    // The errors of this scope are bull-board's, which knows none of ours.
    sendFailure(error as Error & { code: string }, request, reply);
  }
}
