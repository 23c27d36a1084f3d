/** Every submit that counts awaits its review until somebody decides, and each batch counts those of its own rows. */
import { equal } from './rules-batches.ts';
import { batchOf, type Fact, type Snapshot } from './snapshot.ts';
import type { World } from './world.ts';

export function checkReviews(world: World, { submitted, awaited, reviews, batches }: Snapshot): void {
  const isDecided = (customer: string, { place, seq }: Fact) =>
    (reviews.get(customer) ?? []).some((each) => each.place === place && each.seq === seq);
  const waiting = [...submitted].filter(([customer, fact]) => !isDecided(customer, fact));
  const names = waiting.map(([customer]) => customer);
  equal([...awaited].toSorted().join(), names.toSorted().join(), 'the list of awaited reviews');
  // A decision that was changed counts once.
  const decided = [...reviews.values()].flatMap((each) => [
    ...new Set(each.map(({ place, seq }) => `${place} ${seq}`)),
  ]);
  for (const [id, { hash }] of batches) {
    if (world.factsOf(id).isGone) continue;
    const own = waiting.filter(([, { place }]) => batchOf(place) === id).length;
    equal(Number(hash['review:awaited'] ?? 0), own, `the counter of awaited reviews of ${id}`);
    const counted = Number(hash['review:approved'] ?? 0) + Number(hash['review:rejected'] ?? 0);
    equal(counted, decided.filter((place) => batchOf(place) === id).length, `the decided reviews of ${id}`);
  }
}
