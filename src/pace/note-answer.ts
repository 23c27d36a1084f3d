import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import type { Operation } from './outage-operations.ts';
import { STANDSTILLS_KEPT_MS } from './standstill.ts';

const resultSchema = z.object({
  hasEnded: z.literal([0, 1]).transform((flag) => flag === 1),
  /** When the ended outage began, in milliseconds since 1970. */
  since: z.number(),
});
export type Answered = z.output<typeof resultSchema>;

export const noteAnswerScript = defineScript(new URL('./note-answer.lua', import.meta.url), {
  decode: resultSchema.parse,
});

/** @param operation undefined ends an outage of any operation */
export async function noteAnswer(
  { redis, account }: { redis: RedisClient; account: string },
  operation: Operation | undefined,
  sameWithinMs: number,
): Promise<Answered> {
  const keys = accountKeys(account);
  return noteAnswerScript.run(
    redis,
    [keys.outageFailures(operation ?? ''), keys.outage, keys.lastOutage, keys.outageSpent, keys.standstills],
    [operation ?? '', sameWithinMs, STANDSTILLS_KEPT_MS],
  );
}
