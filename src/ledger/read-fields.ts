import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/**
 * The fields of customers as the source gave them, in the order of `INPUT_FIELDS`, and unchecked: cheap enough to look
 * through a whole batch for the rows that are worth reading. None of a row whose input is lost, and undefined for one
 * that is damaged.
 */
export async function readFields(
  { redis, account }: LedgerAccess,
  batchId: string,
  numbers: readonly number[],
): Promise<(readonly unknown[] | undefined)[]> {
  if (numbers.length === 0) return [];
  const inputs = await redis.hmget(batchKeys(account, batchId).inputs, ...numbers.map(String));
  return inputs.map((text) => (text ? parseFields(text) : []));
}

function parseFields(text: string): readonly unknown[] | undefined {
  try {
    const { fields } = JSON.parse(text);
    return Array.isArray(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}
