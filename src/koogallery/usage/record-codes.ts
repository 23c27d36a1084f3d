/** The codes by which the marketplace says what is wrong with single records. Pure. */
import type { UsageRecord } from './usage-record.ts';

/**
 * It has a record already, under this number or for this span. Whether that is the record of which it speaks is another
 * question: of a span only the first counts, whatever the value of the second.
 */
export type HadBy = 'number' | 'span';
const HAD: Readonly<Record<string, HadBy>> = { '005': 'number', '010': 'span' };

/** What to look at before an abnormal record of that code is decided. */
const ADVICE: Readonly<Record<string, string>> = {
  '005':
    'another record had this number: if the console shows this one, settle it as billed; else report it again',
  '010':
    'only the first record of a span is billed: compare its value on the console, then settle this one as billed or lost',
};

const MEANINGS: Readonly<Record<string, string>> = {
  '001': 'the instance does not exist',
  '002': 'a time is not as it should be',
  '003': 'the value is abnormal',
  '004': 'it has no metering_sn',
  '005': 'this metering_sn was reported before',
  '006': 'the product is withdrawn',
  '007': 'the usage is too old',
  '009': 'the instance is of another seller',
  '010': 'this span was reported before',
  '011': 'the times are in no possible order',
  '012': 'the instance is not pay-per-use',
  '013': 'the instance is in an abnormal state: reconcile it, then report again',
  'MKT.9001': 'the instance does not exist',
  'MKT.9004': 'the usage began more than 21 days ago',
  'MKT.0150': 'the instance is of another seller',
};

/** @param form the old interface has no numbers: there all repetitions are of a span. @returns undefined for all other codes */
export function hadBy(code: string, form: 'new' | 'old'): HadBy | undefined {
  const by = HAD[code];
  return by !== undefined && form === 'old' ? 'span' : by;
}

/** What a code means for people, and what to do where it has left a record abnormal; undefined if no page says it. */
export function meaningOf({ code, state }: Pick<UsageRecord, 'code' | 'state'>): string | undefined {
  const meaning = MEANINGS[code ?? ''];
  const advice = state === 'abnormal' ? ADVICE[code ?? ''] : undefined;
  return advice === undefined ? meaning : `${meaning}; ${advice}`;
}
