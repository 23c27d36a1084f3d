/** What became of the rows of a batch. */
import type { Outcome } from '../../src/ledger/outcome.ts';
import type { World } from './world.ts';

export async function rowsOf(world: World, batchId: string) {
  const rows = [];
  for await (const row of world.open.ledger.iterateRows(batchId)) rows.push(row);
  return rows;
}

export async function outcomesOf(world: World, batchId: string): Promise<Outcome[]> {
  return (await rowsOf(world, batchId)).map(({ record }) => record.outcome);
}
