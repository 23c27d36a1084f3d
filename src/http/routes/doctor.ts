/** `GET /v1/doctor`: whether this installation would work. It makes real calls, so one at a time, and not all the time. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Finding } from '../../index.ts';
import { type Api, type ApiOptions, problems } from '../api-instance.ts';
import { sendProblem } from '../problem.ts';

const EVERY_MS = 30_000;
const RETRY_AFTER_SECONDS = 5;

export const doctorSchema = z
  .object({
    findings: z.array(
      z.object({
        level: z.enum(['ok', 'note', 'bad']),
        subject: z.string(),
        message: z.string(),
        hint: z.string().optional(),
      }),
    ),
  })
  .meta({
    id: 'Findings',
    description: 'What was looked at, and what is wrong with it.',
    examples: [{ findings: [{ level: 'ok', subject: 'configuration', message: '1 account' }] }],
  });

export async function addDoctor(api: Api, { onboarding, now }: ApiOptions): Promise<void> {
  let isRunning = false;
  let mayRunFrom = 0;

  /** @returns whether it was refused */
  function refuse(reply: FastifyReply): boolean {
    const seconds = Math.ceil((mayRunFrom - now()) / 1_000);
    if (!isRunning && seconds <= 0) return false;
    reply.header('retry-after', isRunning ? RETRY_AFTER_SECONDS : seconds);
    if (isRunning) sendProblem(reply, 409, 'DOCTOR_RUNNING', 'Somebody else is examining the installation.');
    else sendProblem(reply, 429, 'TOO_MANY_REQUESTS', `It was examined less than ${EVERY_MS / 1_000} s ago.`);
    return true;
  }

  api.route({
    method: 'GET',
    url: '/doctor',
    exposeHeadRoute: false,
    // It is about all accounts.
    config: { role: 'operator' },
    schema: {
      operationId: 'examine',
      summary: 'Examine this installation; makes one real call for each account',
      tags: ['Doctor'],
      response: { 200: doctorSchema, ...problems(409, 429) },
    },
    handler: async (_request, reply) => {
      if (refuse(reply)) return reply;
      isRunning = true;
      try {
        const findings: z.output<typeof doctorSchema>['findings'] = [];
        for await (const finding of onboarding.doctor()) findings.push(toFinding(finding));
        return { findings };
      } finally {
        isRunning = false;
        mayRunFrom = now() + EVERY_MS;
      }
    },
  });
}

function toFinding({ what, isOk, isNote, text, hint }: Finding) {
  const level = isNote ? ('note' as const) : isOk ? ('ok' as const) : ('bad' as const);
  return { level, subject: what, message: text, hint };
}
