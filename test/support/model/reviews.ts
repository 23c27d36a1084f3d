/** A person records a review, after looking at what was submitted; meanwhile something else may have been. */
import { BY } from './verbs.ts';
import type { Actor, World } from './world.ts';

export async function* review(world: World, custSpaceId: string, as: 'approved' | 'rejected'): Actor {
  const { submitted } = await world.ledger.readCustomer(custSpaceId);
  yield 'only read';
  if (submitted === undefined) return;
  const { place, seq } = submitted;
  const counts = world.snapshot.submitted.get(custSpaceId);
  const isCurrent = counts?.place === `${place.batchId} ${place.row}` && counts.seq === seq;
  const decision = { custSpaceId, place, seq, as, date: '2026-01-31', evidence: 'model', by: BY };
  const [verdict] = await world.ledger.recordReviews([decision]);
  world.say(`${custSpaceId}: review of seq ${seq} as ${as}: ${verdict}`);
  if (isCurrent === (verdict === 'replaced')) throw new Error(`the review of ${custSpaceId} is ${verdict}`);
  yield undefined;
}
