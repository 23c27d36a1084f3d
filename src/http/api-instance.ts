/** What the routes of the API are added to, and what they share. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Onboarding } from '../index.ts';
import type { Logger } from '../logger.ts';
import type { Limits } from './limits.ts';
import { problemSchema } from './problem.ts';

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface ApiOptions {
  onboarding: Onboarding;
  logger: Logger;
  /** Milliseconds since 1970. */
  now(): number;
  /** Of files of customers that are received and read at a time. */
  uploads: Limits;
}

/** The `config` of routes: for whom they are. Each keeps a user with an account to that account. */
export const LOOKING = { role: 'viewer', keepsToAccount: true } as const;
export const ACTING = { role: 'operator', keepsToAccount: true } as const;

export const batchParams = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .describe('Id of the batch.')
    .meta({ examples: ['3k9x2fq7d'] }),
});

const DESCRIPTIONS: Record<number, string> = {
  400: 'The request is not as it should be.',
  401: 'Nobody is logged in, and no key was sent, or a wrong one.',
  403: "This user or key may not do that, or the request comes from another site's page.",
  404: 'There is no such thing, or it is of another account than that of the key.',
  409: 'It is in no state for that, or somebody else is doing it.',
  413: 'The body is too large.',
  415: 'The body is of a type that is not taken here.',
  421: 'The server is not known under the host name of the request.',
  422: 'What was sent was read, and cannot be taken.',
  429: 'Too many; Retry-After says when to try again.',
  500: 'Something went wrong here; the log says what.',
  503: 'Redis is away or cannot keep what it is told, or too many ask at once; nothing was acknowledged.',
};
const EVERYWHERE = [400, 401, 403, 421, 500, 503];

interface ProblemResponse {
  description: string;
  content: { 'application/problem+json': { schema: typeof problemSchema } };
}

/** The problems that a route may answer with, besides those that any route may. */
export function problems(...statuses: number[]): Record<number, ProblemResponse> {
  const all = [...EVERYWHERE, ...statuses].map((status) => [
    status,
    {
      description: DESCRIPTIONS[status] ?? '',
      content: { 'application/problem+json': { schema: problemSchema } },
    },
  ]);
  return Object.fromEntries(all);
}

/** Instead of what the client has already. */
export const UNCHANGED = { 304: z.undefined().describe('It is as the ETag in If-None-Match says.') };
