/** Where a row is: its batch and its number, as `abc 7` in Redis. Pure. */
import { z } from 'zod';

export interface Place {
  batchId: string;
  row: number;
}

export function placeText({ batchId, row }: Place): string {
  return `${batchId} ${row}`;
}

export function parsePlace(text: string): Place {
  const [batchId = '', row] = text.split(' ');
  return { batchId, row: Number(row) };
}

export const placeSchema = z.string().transform(parsePlace);
