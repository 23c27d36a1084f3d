import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jsonForScript } from '../../redis/json.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import type { CheckedUsage } from './rules.ts';
import { defineUsageScript, runUsageScript } from './scripts.ts';
import { nameOfSlot, slotOf } from './windows.ts';

/** Records of one script: Redis does nothing else meanwhile. */
export const RECORDED_AT_ONCE = 250;

const VERDICTS = ['recorded', 'repeated', 'snTaken', 'spanTaken'] as const;
export type RecordVerdict = (typeof VERDICTS)[number];

const resultSchema = z
  .object({ verdicts: z.array(z.enum(VERDICTS)), ids: z.array(z.string()) })
  .transform(({ verdicts, ids }) => verdicts.map((verdict, index) => ({ verdict, id: ids[index] ?? '' })));

export const recordScript = defineUsageScript('record', resultSchema.parse);

/**
 * Records usage, each record once: by its number, and by its instance and span.
 * @param records at most `RECORDED_AT_ONCE`
 * @param order `isTrial`: nothing is written. @returns what became of each, with the id of the record that there is
 */
export function recordUsage(
  access: ChannelAccess,
  records: readonly CheckedUsage[],
  { by, isTrial = false }: { by: string; isTrial?: boolean },
): Promise<{ verdict: RecordVerdict; id: string }[]> {
  const values = [jsonForScript(records.map(toStored)), by, isTrial ? '1' : '0'];
  return runUsageScript(recordScript, access, values);
}

/** Its number is fixed here, before the first call: however often it is sent, it counts once. */
function toStored({ meteringSn, units, ...record }: CheckedUsage) {
  const slot = slotOf(record);
  return {
    ...record,
    id: meteringSn ?? randomUUID(),
    isNumbered: meteringSn !== undefined,
    units: String(units),
    slot: nameOfSlot(slot),
    due: slot.closes,
  };
}
