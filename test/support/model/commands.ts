/** What can happen in a model run, as plain values, so that a failure can be read and made shorter. */
import fc from 'fast-check';
import { parsePlace } from '../../../src/ledger/place.ts';
import { accountKeys } from '../../../src/redis/keys.ts';
import { addToStream, importSource } from './imports.ts';
import { review } from './reviews.ts';
import { isActive, isWorked } from './snapshot.ts';
import {
  cancel,
  keepUp,
  pause,
  purge,
  redrive,
  redriveOnSchedule,
  resume,
  sealStream,
  settle,
} from './verbs.ts';
import { SUBMIT_ANSWERS, UPLOAD_ANSWERS, work } from './worker.ts';
import type { Actor, World } from './world.ts';

/** A process that does so many statements and then stands still, until it is thawed or for good. */
const STEPS_MAX = 20;
const TO_ITS_END = 100;
const steps = fc.oneof(
  { weight: 2, arbitrary: fc.constant(TO_ITS_END) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: STEPS_MAX / 2 }) },
);
/** Picks one of whatever there is then. */
const pick = fc.nat({ max: 11 });
const flag = fc.boolean();
const rarely = fc.oneof(
  { weight: 6, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

const CUSTOMERS = 3;
const VERSIONS = 2;
/** Most rows are about the same customer, so that they get into each other's way. */
const customer = fc.constantFrom(0, 0, 0, 1, 1, 2);
const version = fc.oneof(
  { weight: 3, arbitrary: fc.constant(1) },
  { weight: 2, arbitrary: fc.constant(VERSIONS) },
);

/** Files that are imported, and imported again. Two rows of a file never have the same customer. */
const rowsOfSource = fc.uniqueArray(fc.record({ customer, version }), {
  minLength: 1,
  maxLength: CUSTOMERS,
  selector: (row) => row.customer,
});
const SOURCES = 3;

const answers = fc.record({
  upload: fc.oneof(
    { weight: 6, arbitrary: fc.constant('done' as const) },
    fc.constantFrom(...UPLOAD_ANSWERS),
  ),
  submit: fc.oneof(
    { weight: 2, arbitrary: fc.constant('accepted' as const) },
    fc.constantFrom(...SUBMIT_ANSWERS),
  ),
});

const decision = fc.constantFrom('approved' as const, 'rejected' as const);
const kind = <Name extends string>(does: Name) => fc.constant(does);
const maxFailures = fc.constantFrom(0, 0, 0, 1);

const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: kind('import'), pick, maxFailures, isLater: rarely, steps }) },
  { weight: 2, arbitrary: fc.record({ does: kind('stream'), customer, version, steps }) },
  { weight: 1, arbitrary: fc.record({ does: kind('seal stream'), pick }) },
  { weight: 14, arbitrary: fc.record({ does: kind('work'), pick, answers, steps }) },
  { weight: 6, arbitrary: fc.record({ does: kind('thaw'), pick, steps }) },
  { weight: 2, arbitrary: fc.record({ does: kind('cancel'), pick, steps }) },
  { weight: 2, arbitrary: fc.record({ does: kind('pause'), pick }) },
  { weight: 2, arbitrary: fc.record({ does: kind('resume'), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: kind('retry'),
      pick,
      row: fc.option(fc.nat({ max: CUSTOMERS - 1 }), { nil: undefined }),
      isBold: flag,
      isLater: rarely,
      steps,
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: kind('retry parked'), pick, isBold: flag, steps }) },
  { weight: 1, arbitrary: fc.record({ does: kind('scheduled retry'), steps }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: kind('settle'), pick, as: fc.constantFrom('submitted', 'failed') }),
  },
  { weight: 2, arbitrary: fc.record({ does: kind('review'), customer, as: decision, steps }) },
  { weight: 2, arbitrary: fc.record({ does: kind('purge'), pick, steps }) },
  { weight: 2, arbitrary: fc.record({ does: kind('upkeep'), pick, steps }) },
  { weight: 1, arbitrary: fc.record({ does: kind('adopt another peer'), isRare: rarely }) },
);
export type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

export const scenario = fc.record({
  sources: fc.array(rowsOfSource, { minLength: SOURCES, maxLength: SOURCES }),
  /** As `CHATAPP_AFTER_LOST_ANSWER` says: parked at once, or after three. */
  lostMax: fc.constantFrom(1, 3),
  commands: fc.array(command, { maxLength: 80, size: 'max' }),
});
export type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(list.length, 1)];

/** Does one command, unless there is nothing that it could be done to. */
export async function obey(world: World, { sources }: Scenario, command: Command): Promise<void> {
  if (command.does === 'thaw') {
    const actor = at(world.actors, command.pick);
    if (actor) await proceed(world, actor, command.steps);
    return;
  }
  if (command.does === 'adopt another peer') return command.isRare ? adopt(world) : undefined;
  const actor = actorOf(world, sources, command);
  if (actor === undefined) return;
  world.actors.push(actor);
  await proceed(world, actor, 'steps' in command ? command.steps : TO_ITS_END);
}

async function proceed(world: World, actor: Actor, steps: number): Promise<void> {
  world.say(`(process ${world.actors.indexOf(actor)})`);
  if (!(await world.let(actor, steps))) world.actors.splice(world.actors.indexOf(actor), 1);
}

type Acting = Exclude<Command, { does: 'thaw' | 'adopt another peer' }>;

function actorOf(world: World, sources: Scenario['sources'], command: Acting): Actor | undefined {
  if (command.does === 'import') {
    const rows = at(sources, command.pick) ?? [];
    return importSource(world, { key: `source ${command.pick % SOURCES}`, rows }, command);
  }
  if (command.does === 'stream') return addToStream(world, command);
  if (command.does === 'scheduled retry') return redriveOnSchedule(world);
  if (command.does === 'review') return review(world, `C${command.customer}`, command.as);
  if (command.does === 'work') {
    const places = [...world.snapshot.rows].filter(([, row]) => isWorked(row)).map(([place]) => place);
    const place = at(places, command.pick);
    return place === undefined ? undefined : work(world, place, command.answers);
  }
  if (command.does === 'settle' || command.does === 'retry parked') {
    const places = [...world.snapshot.rows].filter(([, row]) => row.parked).map(([place]) => place);
    const place = at(places, command.pick);
    if (place === undefined) return undefined;
    if (command.does === 'settle') return settle(world, place, command.as);
    const { batchId, row } = parsePlace(place);
    return redrive(world, batchId, { row, isBold: command.isBold, isLater: false });
  }
  const batchId = at(batchesFor(world, command), command.pick);
  return batchId === undefined ? undefined : verbOf(world, batchId, command);
}

type OfBatch = Exclude<
  Acting,
  { does: 'import' | 'stream' | 'scheduled retry' | 'work' | 'settle' | 'retry parked' | 'review' }
>;

function verbOf(world: World, batchId: string, command: OfBatch): Actor | undefined {
  const { kind } = world.factsOf(batchId);
  switch (command.does) {
    case 'seal stream':
      return kind === 'stream' ? sealStream(world, batchId) : undefined;
    case 'cancel':
      return cancel(world, batchId);
    case 'pause':
      return pause(world, batchId);
    case 'resume':
      return resume(world, batchId);
    case 'retry': {
      const row = command.row === undefined ? undefined : command.row + 1;
      return redrive(world, batchId, { ...command, row });
    }
    case 'purge':
      return purge(world, batchId);
    case 'upkeep':
      return keepUp(world, batchId);
  }
}

/** Picks from here on fall on any batch, whether or not the verb makes sense for it. */
const ANY_BATCH_FROM = 9;

function batchesFor(world: World, { does, pick }: OfBatch): string[] {
  const all = [...world.facts.keys()];
  if (pick >= ANY_BATCH_FROM) return all;
  return all.filter((batchId) => {
    const rows = [...(world.snapshot.batches.get(batchId)?.rows.values() ?? [])];
    const facts = world.factsOf(batchId);
    if (does === 'resume') return facts.isPaused;
    if (does === 'retry') return rows.some(({ outcome }) => outcome === 'failed' || outcome === 'cancelled');
    if (does === 'upkeep') return rows.some(({ outcome }) => outcome === 'waiting');
    if (does === 'purge') return !rows.some(isActive);
    return rows.some(isActive);
  });
}

/** A person says that the account has another peer now: what was submitted before says nothing any more. */
async function adopt(world: World): Promise<void> {
  world.peer.generation++;
  await world.redis.hset(accountKeys(world.account).peer, 'generation', world.peer.generation);
  world.say(`another peer, generation ${world.peer.generation}`);
}
