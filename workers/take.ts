import { z } from 'zod';
import { OBSTACLES } from '../src/ledger/mark-row.ts';
import { placeSchema } from '../src/ledger/place.ts';
import { parseRecord, type RowRecord } from '../src/ledger/row-record.ts';
import { ledgerParts } from '../src/ledger/scripts.ts';
import { type Transition, valuesOf } from '../src/ledger/transition.ts';
import type { SlotTerms } from '../src/pace/access.ts';
import {
  GRANTING,
  SLOT_ANSWERS,
  SLOT_KEYS,
  type SlotAnswer,
  type SlotQuestion,
  slotKeys,
  slotValues,
} from '../src/pace/slot-script.ts';
import { ledgerKey } from '../src/redis/keys.ts';
import { defineScript } from '../src/redis/script.ts';
import { Obstacle } from './obstacle.ts';

const [granted, ...refusals] = SLOT_ANSWERS;

const answerSchema = z.discriminatedUnion('verdict', [
  granted.extend({ record: z.string().transform(parseRecord) }),
  ...refusals,
  z.object({
    verdict: z.literal('obstacle'),
    obstacle: z.enum(OBSTACLES),
    promoted: z.array(placeSchema),
  }),
]);

/** Position of the ledger among the keys. */
const LEDGER_KEY = SLOT_KEYS + 1;
const marking = ledgerParts('mark', LEDGER_KEY);

export const takeScript = defineScript(new URL('./take.lua', import.meta.url), {
  prelude: `${marking.prelude}\n${GRANTING.prelude}`,
  includes: [...marking.includes, ...GRANTING.includes],
  decode: answerSchema.parse,
});

export interface Taking {
  /** The row, as the pacer and outages know it. */
  name: string;
  mark: Transition;
}

export interface Taken {
  answer: SlotAnswer;
  /** Of the row from now on, if it has a slot. */
  record: RowRecord | undefined;
}

/**
 * Takes the next slot for the call of a row and marks the row, in one step, or changes neither.
 * @throws Obstacle if people or other rows have decided about the row since, or another run has moved it
 */
export async function take(terms: SlotTerms, question: SlotQuestion, { name, mark }: Taking): Promise<Taken> {
  const keys = [...slotKeys(terms.account, question.step), ledgerKey(terms.account)];
  const values = [...slotValues(terms, question, name), ...valuesOf(mark)];
  const answer = await takeScript.run(terms.redis, keys, values);
  if (answer.verdict === 'obstacle') throw new Obstacle(answer.obstacle, answer);
  return { answer, record: 'record' in answer ? answer.record : undefined };
}
