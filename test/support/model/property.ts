/** The property: whatever happens in whatever order, the rules hold after every statement, and every row ends. */
import fc from 'fast-check';
import type { RedisClient } from '../../../src/redis/connect.ts';
import { obey, type Scenario, scenario } from './commands.ts';
import { comeToRest } from './ending.ts';
import { checkRules } from './rules.ts';
import { World } from './world.ts';

export interface Figures {
  sequences: number;
  statements: number;
  submits: number;
  /** Sequences in which there was such a row. */
  seen: Record<string, number>;
}

export interface ModelOptions {
  numRuns: number;
  /** As a failure names them, to run the sequence that failed again. */
  seed?: number;
  path?: string;
  /** When the search for a shorter sequence that fails ends too, in milliseconds. */
  withinMs: number;
}

/** @throws Error with the seed, the shortest sequence that was found to fail, and its statements */
export async function checkModel(redis: RedisClient, options: ModelOptions): Promise<Figures> {
  const { numRuns, seed, path, withinMs } = options;
  const figures: Figures = { sequences: 0, statements: 0, submits: 0, seen: {} };
  const property = fc.asyncProperty(scenario, (each) => run(redis, each, figures));
  await fc.assert(property, { numRuns, seed, path, interruptAfterTimeLimit: withinMs });
  return figures;
}

async function run(redis: RedisClient, each: Scenario, figures: Figures): Promise<void> {
  const world = await World.open(redis, { check: checkRules, lostMax: each.lostMax });
  try {
    for (const command of each.commands) await obey(world, each, command);
    await comeToRest(world, each);
  } finally {
    figures.sequences++;
    figures.statements += world.statements;
    figures.submits += world.peer.accepted.length;
    for (const kind of world.seen) figures.seen[kind] = (figures.seen[kind] ?? 0) + 1;
    await world.close();
  }
}
