/** Errors as RFC 9457 has them, with a code of the closed list. */
import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import { ERROR_CODES, type ErrorCode } from '../error-codes.ts';

/** @param detail what happened this time, in one sentence */
export function sendProblem(reply: FastifyReply, status: number, code: ErrorCode, detail: string) {
  const { hint } = ERROR_CODES[code];
  const title = STATUS_CODES[status];
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title, status, code, detail, hint });
}
