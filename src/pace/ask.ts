import { z } from 'zod';
import { defineScript } from '../redis/script.ts';
import type { SlotTerms } from './access.ts';
import {
  GRANTING,
  SLOT_ANSWERS,
  type SlotAnswer,
  type SlotQuestion,
  slotKeys,
  slotValues,
} from './slot-script.ts';

export const askScript = defineScript(new URL('./ask.lua', import.meta.url), {
  ...GRANTING,
  decode: z.discriminatedUnion('verdict', SLOT_ANSWERS).parse,
});

/**
 * Asks for the slot of a call that marks no row.
 * @param row the row that it is made for, if any: only a row may probe whether an outage is over
 */
export async function ask(terms: SlotTerms, question: SlotQuestion, row = ''): Promise<SlotAnswer> {
  const keys = slotKeys(terms.account, question.step);
  return askScript.run(terms.redis, keys, slotValues(terms, question, row));
}
