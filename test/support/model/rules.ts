/** What must hold after every statement (ledger.md §2 and §3). */
import { checkBatch } from './rules-batches.ts';
import { checkCustomers } from './rules-customers.ts';
import { checkMark, checkMoves } from './rules-moves.ts';
import { checkReviews } from './rules-reviews.ts';
import type { Snapshot } from './snapshot.ts';
import type { World } from './world.ts';

/** @throws Error that names the rule that does not hold, with the statements that led there */
export function checkRules(world: World, before: Snapshot, after: Snapshot): void {
  try {
    for (const batchId of world.facts.keys()) checkBatch(world, batchId, after);
    checkCustomers(world, after);
    checkReviews(world, after);
    checkMoves(world, before, after);
    checkMark(world, before);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n  ${world.history.join('\n  ')}`, { cause: error });
  }
}
