/**
 * What a person does to a batch or an account is killed, or its connection is cut, right behind each of its writes; another
 * person decides otherwise just then. Each time the reader is told the truth, and the command, repeated by hand, leads to
 * what it would have led to at once.
 */
import { describe, expect, it } from 'vitest';
import type { Onboarding } from '../../src/index.ts';
import { isPaused } from '../../src/queue/paused.ts';
import {
  BY,
  expectAllEnd,
  importNew,
  importNewer,
  killAfter,
  OTHER,
  openCut,
  openStage,
  readAll,
  refusalOf,
  runWhole,
  type Stage,
  VERBS,
  type Verb,
  type VerbName,
} from '../support/operator.ts';
import { rowsOf } from '../support/rows.ts';

const NAMES = Object.keys(VERBS) as VerbName[];

describe.each(NAMES)('%s', (name) => {
  const verb: Verb = VERBS[name];

  it('that is killed behind a write, and repeated, is as if it had not been killed', async () => {
    const stage = await openStage();
    const whole = await runWhole(stage, verb);
    const batchIds = [whole.batchId];
    for (let write = 1; write <= whole.writes; write++) {
      const batchId = await verb.prepare(stage);
      batchIds.push(batchId);
      await killAfter(write, stage, verb.words(batchId));
      await readAll(stage, batchId);
      const refusal = await refusalOf(verb.run(stage.onboarding, batchId));
      expect([undefined, 'BATCH_STATE', 'ROW_STATE']).toContain(refusal);
      expect.soft({ write, ...(await readAll(stage, batchId)) }).toEqual({ write, ...whole.read });
    }
    await expectAllEnd(stage, batchIds);
  });

  it('whose connection is cut behind a write says and does what it would have', async () => {
    const stage = await openStage();
    const whole = await runWhole(stage, verb);
    const batchIds = [whole.batchId];
    for (let write = 1; write <= whole.writes; write++) {
      const batchId = await verb.prepare(stage);
      batchIds.push(batchId);
      const { onboarding } = await openCut(stage, { after: write });
      const result = await verb.run(onboarding, batchId).catch((error: unknown) => error);
      expect
        .soft({ write, result })
        .toMatchObject({ write, result: name === 'settle' ? {} : (whole.result as object) });
      expect.soft({ write, ...(await readAll(stage, batchId)) }).toEqual({ write, ...whole.read });
    }
    await expectAllEnd(stage, batchIds);
  });
});

/** The first is cut behind a write, and asks again once the second is through. */
const TOGETHER = [
  ['pause', 'resume'],
  ['resume', 'pause'],
  ['cancel', 'retry'],
  ['retry', 'cancel'],
  ['pause', 'cancel'],
  ['cancel', 'pause'],
] as const;

describe('two at once', () => {
  it.each(TOGETHER)('%s, and in the middle of it %s: what was decided last holds', async (first, second) => {
    const stage = await openStage();
    const { prepare, run }: Verb = VERBS[first];
    const whole = await runWhole(stage, VERBS[first]);
    const batchIds = [whole.batchId];
    for (let write = 1; write <= whole.writes; write++) {
      const batchId = await prepare(stage);
      batchIds.push(batchId);
      let refusal: string | undefined;
      let rows = 1;
      const meanwhile = async () => {
        const { run: decide }: Verb = VERBS[second];
        const deciding = decide(stage.onboarding, batchId);
        refusal = await refusalOf(deciding);
        // A retry may come before there is anything to retry.
        if (second === 'retry' && refusal === undefined) ({ rows } = (await deciding) as { rows: number });
      };
      const { onboarding } = await openCut(stage, { after: write, meanwhile });
      expect(await refusalOf(run(onboarding, batchId))).toBeOneOf([undefined, 'BATCH_STATE']);
      expect(refusal).toBeOneOf([undefined, 'BATCH_STATE']);
      const { state, log } = await readAll(stage, batchId);
      // What was refused is not in the history, and what was done is there once.
      const done = log.map(({ action }) => action).filter((action) => action === second);
      expect
        .soft({ write, done })
        .toEqual({ write, done: doneOf(first, second, refusal === undefined && rows > 0) });
      if (second === 'pause' || second === 'resume')
        expect
          .soft({ write, isPaused: state === 'paused' })
          .toEqual({ write, isPaused: second === 'pause' && refusal === undefined });
    }
    await expectAllEnd(stage, batchIds);
  });

  it.each(['failed', 'submitted'] as const)('settled as %s while newer data arrives', async (as) => {
    const stage = await openStage();
    const batchId = await VERBS.settle.prepare(stage);
    let newer = '';
    const meanwhile = async () => {
      newer = await importNewer(stage);
    };
    const { onboarding } = await openCut(stage, { after: 1, meanwhile });
    expect(await onboarding.settle(batchId, { ...BY, row: 1, as })).toMatchObject({ custSpaceId: 'C100001' });
    expect((await stage.onboarding.log(batchId)).filter(({ action }) => action === 'settle')).toHaveLength(1);
    await expectAllEnd(stage, [batchId, newer]);
    const [outcome] = (await rowsOf(stage.world, newer)).map(({ record }) => record.outcome);
    expect(outcome).toBe('submitted');
  });
});

/** How often the second of two stands in the history: before, to prepare for the first, and where it has done something. */
function doneOf(first: VerbName, second: VerbName, hasDone: boolean): string[] {
  const isPrepared = (first === 'resume' && second === 'pause') || (first === 'retry' && second === 'cancel');
  return [...(isPrepared ? [second] : []), ...(hasDone ? [second] : [])];
}

it('an import whose connection is cut behind a write is begun once, and not resumed', async () => {
  const stage = await openStage();
  const batchIds = [await importNew(stage)];
  const { writes, onboarding } = await openCut(stage, {});
  batchIds.push(await importNew(Object.assign(stage, { onboarding })));
  const count = writes.length;
  for (let write = 1; write <= count; write++) {
    const cut = await openCut(stage, { after: write });
    const batchId = await importNew(Object.assign(stage, cut));
    batchIds.push(batchId);
    const { state, log } = await readAll(stage, batchId);
    expect
      .soft({ write, state, log: log.map(({ action }) => action) })
      .toEqual({ write, state: 'running', log: ['import'] });
  }
  await expectAllEnd(stage, batchIds);
});

/** Who has paused the account. The marks in bull-board are those of the pause, and nothing else is. */
async function readPause({ world }: Stage) {
  const fact = await world.open.pause.read();
  expect(await isPaused(world.redis, world.account.ledger)).toBe(fact !== undefined);
  return fact?.by;
}

describe('an account', () => {
  const ACCOUNT_VERBS = [
    ['pause', BY.by],
    ['resume', undefined],
  ] as const;

  it.each(ACCOUNT_VERBS)('whose %s is killed is paused by whom it says, or by nobody', async (name, by) => {
    const stage = await openStage();
    const { onboarding } = stage;
    const verbs = { pause: () => onboarding.pauseAccount(BY), resume: () => onboarding.resumeAccount(BY) };
    const undo = name === 'pause' ? verbs.resume : verbs.pause;
    // Redis knows its scripts from now on.
    await verbs[name]();
    await undo();
    const { writes, onboarding: counted } = await openCut(stage, {});
    await (name === 'pause' ? counted.pauseAccount(BY) : counted.resumeAccount(BY));
    for (let write = 1; write <= writes.length; write++) {
      await undo();
      await killAfter(write, stage, [name]);
      await readPause(stage);
      await verbs[name]();
      expect(await readPause(stage)).toBe(by);
    }
  });

  it.each(ACCOUNT_VERBS)('whose %s asks again does not overrule who decided otherwise', async (name) => {
    const stage = await openStage();
    const { onboarding } = stage;
    const pause = (from: Onboarding) => from.pauseAccount(OTHER);
    const resume = (from: Onboarding) => from.resumeAccount(OTHER);
    const [first, second] = name === 'pause' ? [pause, resume] : [resume, pause];
    await second(onboarding);
    const cut = await openCut(stage, { after: 1, meanwhile: () => second(onboarding) });
    await first(cut.onboarding);
    expect(await readPause(stage)).toBe(name === 'pause' ? undefined : OTHER.by);
  });
});

describe('a recovery', () => {
  it('that is killed is in the history of each batch with rows that it marked', async () => {
    const stage = await openStage();
    const { writes, onboarding } = await openCut(stage, {});
    const batchIds = [await importNew(stage)];
    await onboarding.recoverAccount({ ...BY, account: stage.world.account.name });
    for (let write = 1; write <= writes.length; write++) {
      const batchId = await importNew(stage);
      batchIds.push(batchId);
      await killAfter(write, stage, ['account', 'recover', stage.world.account.name, '--yes']);
      const { ambiguous, log } = await readAll(stage, batchId);
      const marked = ambiguous.reduce((sum, times) => sum + times, 0);
      const told = log.filter(({ action }) => action === 'recover').map(({ details }) => details);
      expect
        .soft({ write, told })
        .toEqual({ write, told: marked === 0 ? [] : ['2 rows may have been sent'] });
      await stage.onboarding.recoverAccount({ ...BY, account: stage.world.account.name });
    }
    await expectAllEnd(stage, batchIds);
  });

  it('that is cut marks each row once', async () => {
    const stage = await openStage();
    const batchIds = [await importNew(stage)];
    const { writes, onboarding } = await openCut(stage, {});
    await onboarding.recoverAccount({ ...BY, account: stage.world.account.name });
    for (let write = 1; write <= writes.length; write++) {
      const batchId = await importNew(stage);
      batchIds.push(batchId);
      const cut = await openCut(stage, { after: write });
      await cut.onboarding.recoverAccount({ ...BY, account: stage.world.account.name });
      const { ambiguous, log } = await readAll(stage, batchId);
      expect.soft({ write, ambiguous }).toEqual({ write, ambiguous: [1, 1] });
      expect.soft(log.map(({ action }) => action)).toEqual(['import', 'recover']);
      expect(await readPause(stage)).toBeUndefined();
    }
    await expectAllEnd(stage, batchIds);
  });
});
