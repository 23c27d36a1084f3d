/**
 * A worker of the model: one row, the statements of `workers/` in their order, and answers of the peer as the test wants
 * them. Between any two statements it may be left for good, or for a while.
 */
import { randomUUID } from 'node:crypto';
import { AppError } from '../../../src/errors.ts';
import { TRANSITIONS } from '../../../src/ledger/outcome.ts';
import { parsePlace } from '../../../src/ledger/place.ts';
import type { RowOfRun } from '../../../src/ledger/read-for-run.ts';
import type { RowRecord } from '../../../src/ledger/row-record.ts';
import type { RowPatch, Transition } from '../../../src/ledger/transition.ts';
import type { Actor, Pause, World } from './world.ts';

export const UPLOAD_ANSWERS = ['done', 'refused', 'unavailable', 'throttled', 'late'] as const;
export const SUBMIT_ANSWERS = [
  'accepted',
  'refused',
  'lost after it arrived',
  'lost before it arrived',
  'throttled',
  'late',
  'accepted, marked twice',
  'accepted, written twice',
] as const;

export interface Answers {
  upload: (typeof UPLOAD_ANSWERS)[number];
  submit: (typeof SUBMIT_ANSWERS)[number];
}

/** Failures of a call that is no submit after which a row fails; as in `workers/`. */
const TRIES_MAX = 8;

const REFUSAL = { code: 'REFUSED', class: 'customer' } as const;
const NO_ANSWER = { code: 'PEER_TIMEOUT', class: 'ambiguous' } as const;
const UNAVAILABLE = { code: 'PEER_UNAVAILABLE', class: 'transient' } as const;

interface Run {
  world: World;
  place: string;
  token: string;
  stored: RowOfRun;
  answers: Answers;
}

/** One job after another, as far as this row goes. */
export async function* work(world: World, place: string, answers: Answers): Actor {
  for (const step of ['upload', 'submit'] as const) {
    const { batchId, row } = parsePlace(place);
    const stored = await world.ledger.readForRun(batchId, row);
    world.say(`${place}: ${step} reads ${stored?.record.outcome ?? 'nothing'}`);
    yield 'only read';
    if (stored === undefined) return;
    const run = { world, place, token: randomUUID(), stored, answers };
    const { outcome } = stored.record;
    if (stored.isCancelled && outcome !== 'submitting') return yield* cancelRow(run, outcome);
    if (stored.isPaused) return;
    if (step === 'upload' && (outcome === 'pending' || outcome === 'uploading')) yield* upload(run);
    if (step === 'submit' && (outcome === 'uploaded' || outcome === 'submitting')) yield* submit(run);
  }
}

async function* upload(run: Run): Actor {
  const marked = yield* mark(run, 'uploading');
  if (marked === undefined) return;
  const answer = run.answers.upload;
  if (answer === 'late') yield* move(run, { to: 'pending', add: { attempts: -1 } });
  if (answer === 'throttled') yield* goBack(run, 'uploading', { add: { attempts: -1 } });
  if (answer === 'refused') yield* fail(run, REFUSAL);
  if (answer === 'unavailable' && run.stored.record.tries + 1 >= TRIES_MAX) yield* fail(run, UNAVAILABLE);
  else if (answer === 'unavailable')
    yield* goBack(run, 'uploading', { add: { tries: 1 }, patch: UNAVAILABLE });
  if (answer === 'done') yield* move(run, { to: 'uploaded', patch: { tries: 0, isvTerms: 'terms' } });
}

async function* submit(run: Run): Actor {
  const { world, place, token, stored, answers } = run;
  if (stored.record.outcome === 'submitting') return yield* takeOver(run);
  let marked = yield* mark(run, 'submitting');
  if (marked !== undefined && answers.submit === 'accepted, marked twice')
    marked = yield* mark(run, 'submitting', true);
  if (marked === undefined) return;
  // One that was stopped between grant and socket notices, and sends nothing.
  const isHeld = world.snapshot.rows.get(place)?.token === token;
  if (!isHeld || answers.submit === 'late') {
    yield* move(run, { to: 'uploaded', add: { attempts: -1 }, fence: token });
    return;
  }
  const { custSpaceId, fingerprint, seq = 0, generation = 0 } = marked;
  const arrives = !['refused', 'lost before it arrived', 'throttled'].includes(answers.submit);
  world.say(`${place}: submit of ${fingerprint} with seq ${seq}: ${answers.submit}`);
  if (arrives) world.peer.accept({ place, custSpaceId, fingerprint, seq, generation });
  yield undefined;
  if (answers.submit === 'throttled') yield* throttled(run);
  else if (answers.submit === 'refused') yield* refused(run, seq);
  else if (answers.submit.startsWith('lost')) yield* lost(run);
  else yield* accepted(run, marked);
}

async function* accepted(run: Run, record: RowRecord): Actor {
  const times = run.answers.submit === 'accepted, written twice' ? 2 : 1;
  for (let time = 0; time < times; time++) {
    const { world, place } = run;
    const { isMoved, promoted } = await world.ledger.recordSuccess({
      ...parsePlace(place),
      record,
      requestId: undefined,
    });
    world.say(`${place}: success of seq ${record.seq} written, ${isMoved ? 'moved' : 'not moved'}`);
    world.give(promoted);
    const { custSpaceId, fingerprint, seq = 0, generation } = record;
    world.succeed({ custSpaceId, place, fingerprint, seq, generation });
    yield undefined;
  }
}

async function* throttled(run: Run): Actor {
  yield* goBack(run, 'submitting', { add: { attempts: -1 } });
  await run.world.ledger.countThrottled(parsePlace(run.place).batchId);
  yield undefined;
}

/** The refusal of what is sent also answers for the same submit whose answer was lost before. */
async function* refused(run: Run, seq: number): Actor {
  run.world.peer.resolve(run.place, seq);
  yield* fail(run, { ...REFUSAL, unknown: null });
}

/** With too many lost answers the ledger parks the row, in the step in which it notes the last of them. */
async function* lost(run: Run): Actor {
  yield* goBack(run, 'submitting', { add: { ambiguous: 1 }, patch: NO_ANSWER, parkAt: run.world.lostMax });
}

/** An earlier run marked the row and never reported; the time that its call may take is over. */
async function* takeOver(run: Run): Actor {
  const { world, stored } = run;
  const fence = stored.record.token;
  yield* move(run, { to: 'uploaded', add: { ambiguous: 1 }, patch: NO_ANSWER, fence, parkAt: world.lostMax });
}

type Result = AsyncGenerator<Pause, RowRecord | undefined, void>;

/** @returns the row as it is marked; undefined if something is in the way */
async function* mark(run: Run, to: 'uploading' | 'submitting', again = false): Result {
  const { world, place, token, stored } = run;
  const fields = { code: null, message: null, hint: null, class: null };
  const patch = to === 'submitting' ? { ...fields, token } : fields;
  const more = again ? { fence: token } : { add: { attempts: 1 } };
  const { verdict, record, promoted } = await world.ledger.markRow({
    ...parsePlace(place),
    to,
    patch,
    ...more,
  });
  world.say(`${place}: mark ${to}: ${verdict}, ${record?.outcome}`);
  world.give(promoted);
  if (verdict === 'marked') world.notes.marked = { place, to };
  yield undefined;
  if (verdict === 'cancelled') yield* cancelRow(run, stored.record.outcome);
  return verdict === 'marked' && record !== null ? record : undefined;
}

async function* cancelRow(run: Run, outcome: RowRecord['outcome']): Actor {
  if (TRANSITIONS[outcome].includes('cancelled')) yield* move(run, { to: 'cancelled' });
}

async function* goBack(
  run: Run,
  during: 'uploading' | 'submitting',
  change: Pick<Transition, 'add' | 'patch' | 'parkAt'>,
): Result {
  const record = await read(run);
  yield 'only read';
  if (record === undefined || record.outcome !== during) return record;
  const fence = record.token === run.token ? run.token : undefined;
  return yield* move(run, { to: during === 'uploading' ? 'pending' : 'uploaded', fence, ...change });
}

async function* fail(run: Run, patch: RowPatch): Actor {
  const record = await read(run);
  yield 'only read';
  const fence = record?.token === run.token ? run.token : undefined;
  yield* move(run, { to: 'failed', patch, fence });
}

async function read({ world, place, stored }: Run): Promise<RowRecord | undefined> {
  const { batchId, row } = parsePlace(place);
  return (await world.ledger.readRow(batchId, row))?.record ?? stored.record;
}

/** A move that the ledger refuses ends the run: the next one reads what is true then. */
async function* move(
  run: Run,
  change: Pick<Transition, 'to' | 'patch' | 'add' | 'fence' | 'parkAt'>,
): Result {
  const { world, place } = run;
  const ambiguous = change.add?.ambiguous ?? 0;
  const moved = await world.ledger.transition({ ...parsePlace(place), ...change }).catch((error: unknown) => {
    const isRefused = error instanceof AppError && error.code === 'TRANSITION_REFUSED';
    if (!isRefused && !String(error).includes('ONBOARD_NO_ROW')) throw error;
    return undefined;
  });
  world.say(`${place}: to ${change.to}: ${moved?.record.outcome ?? 'refused'}`);
  if (moved !== undefined && ambiguous > 0) world.excuse(moved.record.custSpaceId);
  world.give(moved?.promoted ?? []);
  yield undefined;
  return moved?.record;
}
