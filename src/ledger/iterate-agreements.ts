import { z } from 'zod';
import { accountKeys, batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { CHUNK_ROWS } from './iterate-rows.ts';

const inputSchema = z
  .string()
  .transform((text) => z.object({ sha256: z.string() }).parse(JSON.parse(text)).sha256);

/**
 * The SHA-256 of the agreement of every row that is kept, in portions and in no particular order; one may come several
 * times. Rows that are added meanwhile may be missing. Throws if a row cannot be read.
 */
export async function* iterateAgreements({
  redis,
  account,
}: Pick<LedgerAccess, 'redis' | 'account'>): AsyncGenerator<string[]> {
  for (const id of await redis.zrange(accountKeys(account).batches, '0', '-1')) {
    const { inputs } = batchKeys(account, id);
    let cursor = '0';
    do {
      const [next, fields] = await redis.hscan(inputs, cursor, 'COUNT', CHUNK_ROWS);
      // Names and values take turns.
      yield fields.filter((_, index) => index % 2 === 1).map((input) => inputSchema.parse(input));
      cursor = next;
    } while (cursor !== '0');
  }
}
