/** What people do to batches, with a connection that is cut behind one of its writes. */
import { userInfo } from 'node:os';
import { expect, inject } from 'vitest';
import { AppError } from '../../src/errors.ts';
import type { Onboarding } from '../../src/index.ts';
import { makeCustomer } from './customers.ts';
import { type Cut, startCutRedis } from './cut-redis.ts';
import { openInstallation, orderOf } from './installation.ts';
import { parkRow } from './ledger.ts';
import { startProgram } from './programs.ts';
import { rowsOf } from './rows.ts';
import { waitForBatch } from './waiting.ts';
import { runWorkers } from './workers.ts';
import { createWorld, type World } from './world.ts';

/** Whose name the command line takes. */
export const BY = { by: userInfo().username };
export const OTHER = { by: 'bob' };
const ROWS = 2;
const CANCELLED = { filter: { outcomes: ['cancelled' as const] } };

export interface Stage {
  world: World;
  onboarding: Onboarding;
  /** Customers so far. */
  customers: number;
}

export async function openStage(): Promise<Stage> {
  const world = await createWorld({ rate: 100, ourRate: 100, environment: { ONBOARD_UPKEEP_SECONDS: '1' } });
  return { world, onboarding: openInstallation(world, world.settings), customers: 0 };
}

export async function importNew(stage: Stage): Promise<string> {
  const { world, onboarding } = stage;
  const rows = Array.from({ length: ROWS }, () =>
    makeCustomer(++stage.customers, { IsvTerms: 'agreement-1.pdf' }),
  );
  return (await onboarding.import(await orderOf(world, rows))).batchId;
}

/** Other data of the first customer. */
export async function importNewer({ world, onboarding }: Stage): Promise<string> {
  const row = makeCustomer(1, { IsvTerms: 'agreement-1.pdf', BusinessDesc: 'Newer data' });
  return (await onboarding.import(await orderOf(world, [row]))).batchId;
}

export interface Verb {
  /** A batch on which it is not done yet. */
  prepare(stage: Stage): Promise<string>;
  run(onboarding: Onboarding, batchId: string): Promise<unknown>;
  words(batchId: string): string[];
}

export const VERBS = {
  pause: {
    prepare: importNew,
    run: (onboarding, batchId) => onboarding.pause(batchId, BY),
    words: (batchId) => ['pause', batchId],
  },
  resume: {
    async prepare(stage) {
      const batchId = await importNew(stage);
      await stage.onboarding.pause(batchId, OTHER);
      return batchId;
    },
    run: (onboarding, batchId) => onboarding.resume(batchId, BY),
    words: (batchId) => ['resume', batchId],
  },
  cancel: {
    prepare: importNew,
    run: (onboarding, batchId) => onboarding.cancel(batchId, BY),
    words: (batchId) => ['cancel', batchId],
  },
  'cancel of what is retried on schedule': {
    async prepare(stage) {
      const batchId = await importNew(stage);
      const failed = { to: 'failed', patch: { code: 'PEER_UNAVAILABLE', class: 'transient' } } as const;
      for (const row of [1, 2]) await stage.world.open.ledger.transition({ batchId, row, ...failed });
      return batchId;
    },
    run: (onboarding, batchId) => onboarding.cancel(batchId, BY),
    words: (batchId) => ['cancel', batchId],
  },
  retry: {
    async prepare(stage) {
      const batchId = await importNew(stage);
      await stage.onboarding.cancel(batchId, OTHER);
      return batchId;
    },
    run: (onboarding, batchId) => onboarding.redrive(batchId, { ...BY, ...CANCELLED }),
    words: (batchId) => ['retry', batchId, '--outcome', 'cancelled'],
  },
  settle: {
    async prepare(stage) {
      const batchId = await importNew(stage);
      await parkRow(stage.world.open.ledger, { batchId, row: 1 });
      return batchId;
    },
    run: (onboarding, batchId) => onboarding.settle(batchId, { ...BY, row: 1, as: 'failed' }),
    words: (batchId) => ['settle', batchId, '--row', '1', '--as', 'failed'],
  },
  priority: {
    prepare: importNew,
    run: (onboarding, batchId) => onboarding.prioritize(batchId, { ...BY, priority: 7 }),
    words: (batchId) => ['priority', batchId, '--set', '7'],
  },
} satisfies Record<string, Verb>;
export type VerbName = keyof typeof VERBS;

/** What a person reads of it. */
export async function readAll({ world, onboarding }: Stage, batchId: string) {
  const { batch, redrives } = await onboarding.status(batchId);
  const { state, counts, total, pausedBy, parked } = batch;
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(total);
  const log = (await onboarding.log(batchId)).filter(({ details }) => !details.startsWith('0 rows'));
  return {
    ...{ state, counts, total, pausedBy, parked },
    // One that was killed before it took a row has changed nothing; it is in the history.
    redrives: redrives
      .map(({ by, filter, counts }) => ({ by, filter, counts }))
      .filter(({ counts }) => Object.values(counts).some((count) => count > 0)),
    log: log.map(({ by, action, details }) => ({ by, action, details })),
    ambiguous: (await rowsOf(world, batchId)).map(({ record }) => record.ambiguous),
  };
}

/** The writes of a command, and what a person reads after it. */
export async function runWhole(stage: Stage, { prepare, run }: Verb) {
  // Redis knows its scripts from now on.
  await run(stage.onboarding, await prepare(stage));
  const batchId = await prepare(stage);
  const { writes, onboarding } = await openCut(stage, {});
  const result = await run(onboarding, batchId);
  return { writes: writes.length, result, read: await readAll(stage, batchId), batchId };
}

export async function openCut({ world }: Stage, cut: Cut) {
  const { url, writes } = await startCutRedis(inject('redisUrl'), cut);
  return { writes, onboarding: openInstallation(world, { ...world.settings, redisUrl: url }) };
}

/** @returns the code of the refusal, if it was refused */
export async function refusalOf(command: Promise<unknown>): Promise<string | undefined> {
  return command.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
}

export async function killAfter(
  write: number,
  { world }: Pick<Stage, 'world'>,
  words: readonly string[],
): Promise<void> {
  const { url } = await startCutRedis(inject('redisUrl'), { after: write, meanwhile: () => program.kill() });
  const program = startProgram(world, words, { REDIS_URL: url });
  expect(await program.ended, program.output.stderr).toMatchObject({ signal: 'SIGKILL' });
}

/** Everything ends, by workers and their upkeep alone; nobody is sent twice, and no job is left. */
export async function expectAllEnd({ world }: Stage, batchIds: readonly string[]): Promise<void> {
  const { record } = world.simulator.state;
  await runWorkers(world);
  for (const batchId of batchIds)
    await waitForBatch(world, batchId, ({ state }) => state === 'finished' || state === 'paused');
  expect(record.summary().acceptedTwice).toBe(0);
  const { upload, submit } = world.open.queues;
  const countLeft = async () => {
    const counts = await Promise.all(
      [upload, submit].map((queue) => queue.getJobCounts('prioritized', 'wait', 'delayed', 'active')),
    );
    return counts.flatMap((each) => Object.values(each)).reduce((sum, count) => sum + count, 0);
  };
  await expect.poll(countLeft).toBe(0);
}
