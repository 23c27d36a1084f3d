import { z } from 'zod';
import { defineScript } from '../redis/script.ts';

export const beginAnswerScript = defineScript(new URL('./begin-answer.lua', import.meta.url), {
  decode: z.object({
    verdict: z.enum(['begun', 'running', 'other', 'answered']),
    /** Until what runs is given up, in milliseconds. */
    waitMs: z.number(),
    answer: z.string(),
  }).parse,
});
