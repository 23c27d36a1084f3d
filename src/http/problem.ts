/** Errors as RFC 9457 has them, with a code of the closed list. */
import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../error-codes.ts';

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string().describe('What the status means.'),
    status: z.number().int(),
    code: z.enum(Object.keys(ERROR_CODES) as ErrorCode[]).describe('What happened; these codes are stable.'),
    detail: z.string().describe('What happened this time.'),
    hint: z.string().describe('What to do.'),
    errors: z
      .array(
        z.object({
          field: z.string().optional().describe('Where it is in the request, such as `query.limit`.'),
          row: z.number().int().optional(),
          line: z.number().int().optional(),
          column: z.string().optional(),
          code: z.string().optional(),
          message: z.string(),
          hint: z.string().optional(),
        }),
      )
      .optional()
      .describe('What exactly is wrong: 1,000 at most.'),
    total: z.number().int().optional().describe('How many errors there are, if these are only the first.'),
  })
  .meta({
    id: 'Problem',
    description: 'An error, as RFC 9457 has it.',
    examples: [
      {
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        code: 'BATCH_UNKNOWN',
        detail: 'There is no batch 3k9x2fq7d.',
        hint: 'Run `onboard batches` to list them.',
      },
    ],
  });
export type Problem = z.output<typeof problemSchema>;

export interface ProblemMore extends Pick<Problem, 'errors' | 'total'> {
  /** Instead of what the code says. */
  hint?: string;
}

/** Seconds until a request is worth repeating that failed because something of ours was away. */
const RETRY_AFTER_SECONDS = 5;

/** @param detail what happened this time, in one sentence */
export function sendProblem(
  reply: FastifyReply,
  status: number,
  code: ErrorCode,
  detail: string,
  { hint = ERROR_CODES[code].hint, ...more }: ProblemMore = {},
) {
  const problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? '',
    status,
    code,
    detail,
    hint,
    ...more,
  };
  if (status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply.code(status).type('application/problem+json').send(problem);
}
