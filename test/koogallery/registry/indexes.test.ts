/** Whatever happens to instances, in whatever order: after every step all indexes and counts say what the hashes say. */
import fc from 'fast-check';
import { it } from 'vitest';
import { submitForm } from '../../../src/koogallery/form/submit-form.ts';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { type Begun, beginTask } from '../../../src/koogallery/lifecycle/begin-task.ts';
import { type Ending, endTask } from '../../../src/koogallery/lifecycle/end-task.ts';
import { retryTasks } from '../../../src/koogallery/lifecycle/retry-tasks.ts';
import type { Change } from '../../../src/koogallery/registry/accept.ts';
import { pruneEnded } from '../../../src/koogallery/registry/prune-ended.ts';
import { readInstance } from '../../../src/koogallery/registry/read-instance.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { expectSameIndexes } from '../../support/koogallery/indexes.ts';
import { creation, doChange, makeChannel, refresh, wish } from '../../support/koogallery/registry.ts';
import { uniqueName } from '../../support/redis.ts';

const DAY_MS = 86_400_000;
/** Of an instance, a license that the marketplace has issued, and news of no instance. */
const IDS = ['i', 'L', 'order.1'] as const;
const issued = { adopts: true, kind: 'license' } as const;

const wishes = fc.constantFrom('freeze', 'unfreeze', 'release');
const call: fc.Arbitrary<Change> = fc
  .tuple(
    fc.oneof(
      fc.constant(creation('i', { set: { orderId: 'o' } } as never)),
      wishes.map((op) => wish(op, 'i')),
      wishes.map((op) => wish(op, 'L', issued as never)),
      fc.constantFrom(1_000, 4e12, 4.1e12).map((end) => refresh('i', end)),
      fc
        .constantFrom('u1', 'u2')
        .map((dedupe): Change => ({ op: 'note', id: 'i', task: 'instance.upgrade', dedupe })),
      fc.constantFrom('n1', 'n2', 'n3').map(
        (dedupe): Change => ({
          op: 'note',
          id: 'order.1',
          task: 'order.notify',
          dedupe,
          opens: 'order',
          harmless: true,
        }),
      ),
    ),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([change, isTimed, settles]) => ({ ...change, ...(isTimed && { saidAt: Date.now() }), settles }));

const waits = fc.record({
  outcome: fc.constant('later' as const),
  reason: fc.constant('not yet'),
  delayMs: fc.constantFrom(0, 60_000),
  isAlive: fc.boolean(),
});
const ending: fc.Arbitrary<Ending> = fc.oneof(
  fc.boolean().map((isReady): Ending => ({ outcome: 'done', set: {}, isReady })),
  waits,
  waits.map(
    (later): Ending => ({
      ...later,
      set: { missing: '["CustName"]' },
      drop: ['customer'],
      isReady: true,
      awaits: 'buyer',
    }),
  ),
  waits.map(
    (later): Ending => ({ ...later, set: {}, drop: ['missing', 'problems'], isReady: true, awaits: 'work' }),
  ),
  fc.constant<Ending>({ outcome: 'refused', reason: 'no' }),
  fc.constant<Ending>({ outcome: 'withdrawn', reason: 'not needed' }),
);

type Step =
  | { do: 'call'; change: Change }
  | { do: 'forget' }
  | { do: 'begin' | 'form' | 'retry'; id: string }
  | { do: 'attempt'; id: string; ending: Ending };
const id = fc.constantFrom('i', 'i', ...IDS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('call' as const), change: call }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('attempt' as const), id, ending }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('begin', 'form', 'retry'), id }) },
  { weight: 1, arbitrary: fc.constant({ do: 'forget' as const }) },
);
const bought: Step = { do: 'call', change: creation('i', { set: { orderId: 'o' } } as never) };
/** Of one that is bought first, so that there is something to try. */
const life = fc.array(step, { minLength: 5, maxLength: 40 }).map((steps): Step[] => [bought, ...steps]);

const late = { reason: 'not yet', delayMs: 0, isAlive: true } as const;
const waiting = { set: { missing: '[]' }, drop: [], isReady: true, awaits: 'buyer' } as const;
/** What once went wrong. */
const KNOWN: Step[][] = [
  [
    { do: 'call', change: wish('release', 'L', { ...issued, settles: true } as never) },
    { do: 'forget' },
    { do: 'call', change: wish('freeze', 'L', { ...issued, saidAt: Date.now() } as never) },
  ],
  [
    bought,
    { do: 'attempt', id: 'i', ending: { outcome: 'later', ...late, ...waiting } },
    { do: 'attempt', id: 'i', ending: { outcome: 'refused', reason: 'no' } },
    { do: 'retry', id: 'i' },
  ],
];

/** Only a create waits for anybody. */
function endingFor({ task }: Begun, ending: Ending): Ending {
  if (task.type === 'instance.create' || ending.outcome !== 'later') return ending;
  const { awaits: _awaits, set: _set, drop: _drop, isReady: _isReady, ...later } = ending;
  return later;
}

async function take(channel: ChannelAccess, step: Step, begun: Map<string, Begun>): Promise<void> {
  if (step.do === 'call') return void (await doChange(channel, step.change));
  if (step.do === 'forget') {
    const { ended } = channelKeys(channel.slug);
    for (const id of IDS) await channel.redis.zadd(ended, 'XX', 'INCR', -500 * DAY_MS, id);
    return void (await pruneEnded(channel));
  }
  const { id } = step;
  if (step.do === 'retry') return void (await retryTasks(channel, { id, by: 'test' }));
  if (step.do === 'form') {
    const before = (await readInstance(channel, id))?.formAt;
    return void (await submitForm(channel, { id, before, form: 'sealed' }));
  }
  if (!begun.has(id)) {
    const beginning = await beginTask(channel, id, 60_000);
    if (beginning.verdict === 'begun') begun.set(id, beginning.begun);
  }
  const attempt = begun.get(id);
  if (step.do !== 'attempt' || attempt === undefined) return;
  begun.delete(id);
  await endTask(channel, attempt, endingFor(attempt, step.ending));
}

it('keeps all indexes and counts at what the instances are', async () => {
  const { redis } = makeChannel();
  const property = fc.asyncProperty(life, async (steps) => {
    const channel = { redis, slug: uniqueName() };
    const begun = new Map<string, Begun>();
    for (const each of steps) {
      await take(channel, each, begun);
      await expectSameIndexes(channel, IDS);
    }
  });
  await fc.assert(property, { numRuns: 25, examples: KNOWN.map((steps) => [steps]) });
});
