/** Finds rows by outcome or code without reading them: an index has one bit for each row of its batch. */
import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import type { Outcome } from './outcome.ts';

/** Bytes of an index that are read at a time: 65,536 rows. */
const BYTES_AT_A_TIME = 8_192;
const BITS = 8;

export interface RowSelection {
  outcomes?: readonly Outcome[];
  /** Failed rows only. */
  codes?: readonly string[];
  /** First number to look at. */
  from?: number;
}

/** The numbers of the rows that have one of the outcomes or codes, in order. */
export async function* iterateNumbers(
  ledger: LedgerAccess,
  batchId: string,
  selection: RowSelection,
): AsyncGenerator<number> {
  for await (const numbers of readNumbers(ledger, batchId, selection)) yield* numbers;
}

/** The same in portions. */
export async function* iteratePortions(
  ledger: LedgerAccess,
  batchId: string,
  { size, ...selection }: RowSelection & { size: number },
): AsyncGenerator<number[]> {
  let portion: number[] = [];
  for await (const numbers of readNumbers(ledger, batchId, selection))
    for (const number of numbers) {
      portion.push(number);
      if (portion.length < size) continue;
      yield portion;
      portion = [];
    }
  if (portion.length > 0) yield portion;
}

/** As many at a time as are read: a promise for each of them would cost more than all the rest. */
async function* readNumbers(
  { redis, account }: LedgerAccess,
  batchId: string,
  { outcomes = [], codes = [], from = 1 }: RowSelection,
): AsyncGenerator<Iterable<number>> {
  const { batch, rowsWith, rowsOfCode } = batchKeys(account, batchId);
  const keys = [...outcomes.map(rowsWith), ...codes.map(rowsOfCode)];
  const lastRow = Number((await redis.hget(batch, 'lastRow')) ?? 0);
  for (let first = Math.floor(from / BITS); first * BITS <= lastRow; first += BYTES_AT_A_TIME) {
    const last = first + BYTES_AT_A_TIME - 1;
    const parts = await Promise.all(keys.map((key) => redis.getrangeBuffer(key, first, last)));
    yield numbersIn(parts, { first: first * BITS, from });
  }
}

/** @param range number of the first bit, and the first number that is wanted; Redis counts bits from the left */
function* numbersIn(
  parts: readonly Buffer[],
  { first, from }: { first: number; from: number },
): Generator<number> {
  const length = Math.max(0, ...parts.map((part) => part.length));
  for (let index = 0; index < length; index++) {
    const byte = parts.reduce((bits, part) => bits | (part[index] ?? 0), 0);
    for (let bit = 0; byte !== 0 && bit < BITS; bit++)
      if (byte & (0x80 >> bit)) {
        const number = first + index * BITS + bit;
        if (number >= from) yield number;
      }
  }
}
