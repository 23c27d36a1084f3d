/** Lets an account come to rest: nobody interferes any more, and every row has to end. */

import { batchKeys } from '../../../src/redis/keys.ts';
import type { Scenario } from './commands.ts';
import { importSource } from './imports.ts';
import { holds } from './rules-batches.ts';
import { isActive, isWorked } from './snapshot.ts';
import { cancel, keepUp, resume, sealStream } from './verbs.ts';
import { type Answers, work } from './worker.ts';
import type { World } from './world.ts';

/** Rounds of work and upkeep after which every row has ended, however they wait for each other. */
const ROUNDS_MAX = 12;
const TO_ITS_END = 1_000;
const FAULTLESS: Answers = { upload: 'done', submit: 'accepted' };

export async function comeToRest(world: World, scenario: Scenario): Promise<void> {
  world.say('--- everything may end now');
  await letTimePass(world);
  for (const [batchId, facts] of world.facts) {
    if (facts.isPaused && !facts.isPurging) await world.let(resume(world, batchId), TO_ITS_END);
    if (facts.kind === 'stream' && !facts.isSealed) await world.let(sealStream(world, batchId), TO_ITS_END);
    if (facts.isCancelled && !facts.isPurging) await world.let(cancel(world, batchId), TO_ITS_END);
  }
  for (const [index, rows] of scenario.sources.entries()) {
    const order = { maxFailures: 0, isLater: false };
    await world.let(importSource(world, { key: `source ${index}`, rows }, order), TO_ITS_END);
  }
  for (let round = 0; round < ROUNDS_MAX && hasActive(world); round++) await workAndKeepUp(world);
  const left = [...world.snapshot.rows].filter(([, row]) => isActive(row));
  const names = left.map(([place, row]) => `${place} ${row.outcome}`).join(', ');
  holds(left.length === 0, `rows that never end: ${names}\n  ${world.history.join('\n  ')}`);
}

const hasActive = ({ snapshot }: World) => [...snapshot.rows.values()].some(isActive);

async function workAndKeepUp(world: World): Promise<void> {
  for (const [place, row] of world.snapshot.rows)
    if (isWorked(row)) await world.let(work(world, place, FAULTLESS), TO_ITS_END);
  for (const [batchId, facts] of world.facts) {
    if (facts.isPaused) await world.let(resume(world, batchId), TO_ITS_END);
    await world.let(keepUp(world, batchId), TO_ITS_END);
  }
}

/** Whatever was postponed is due. */
async function letTimePass(world: World): Promise<void> {
  for (const [batchId, { hash, rows }] of world.snapshot.batches) {
    const keys = batchKeys(world.account, batchId);
    if (hash.notBefore !== undefined) await world.redis.hdel(keys.batch, 'notBefore');
    for (const [row, record] of rows)
      if (record.notBefore !== undefined)
        await world.redis.hset(keys.rows, row, JSON.stringify({ ...record, notBefore: 1 }));
  }
  world.snapshot = await world.read();
}
