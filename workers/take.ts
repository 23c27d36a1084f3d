import { z } from 'zod';
import { OUTCOMES } from '../src/ledger/outcome.ts';
import { keysOfMove, MARKING, refusalOf, type Transition, valuesOf } from '../src/ledger/transition.ts';
import type { SlotTerms } from '../src/pace/access.ts';
import {
  GRANTING,
  SLOT_ANSWERS,
  type SlotAnswer,
  type SlotQuestion,
  slotKeys,
  slotValues,
} from '../src/pace/slot-script.ts';
import { defineScript } from '../src/redis/script.ts';

/** The batch is paused or cancelled: the next run of the job does what that asks for. */
export class BatchStopped extends Error {
  constructor() {
    super('The batch is paused or cancelled.');
    this.name = 'BatchStopped';
  }
}

const answerSchema = z.discriminatedUnion('verdict', [
  ...SLOT_ANSWERS,
  z.object({ verdict: z.literal('refused'), outcome: z.enum(OUTCOMES) }),
  z.object({ verdict: z.literal('batch') }),
]);

export const takeScript = defineScript(new URL('./take.lua', import.meta.url), {
  prelude: `${MARKING.prelude}\n${GRANTING.prelude}`,
  includes: [...MARKING.includes, ...GRANTING.includes],
  decode: answerSchema.parse,
});

export interface Taking {
  /** The row, as the pacer and outages know it. */
  name: string;
  mark: Transition;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Takes the next slot for the call of a row and marks the row, in one step, or changes neither.
 * @throws AppError TRANSITION_REFUSED if another run has moved the row; BatchStopped
 */
export async function take(
  terms: SlotTerms,
  question: SlotQuestion,
  { name, mark, now }: Taking,
): Promise<SlotAnswer> {
  const keys = [...slotKeys(terms.account, question.step), ...keysOfMove(terms.account, mark.batchId)];
  // The last value is the claim of a redrive, which sends nothing.
  const values = [...slotValues(terms, question, name), ...valuesOf(mark, now).slice(0, -1)];
  const answer = await takeScript.run(terms.redis, keys, values);
  if (answer.verdict === 'batch') throw new BatchStopped();
  if (answer.verdict === 'refused') throw refusalOf(mark, answer.outcome);
  return answer;
}
