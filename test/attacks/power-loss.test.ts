/** The end of Redis' file is lost: what it had only in memory, and what a disk had confirmed all the same. */
import { describe, expect, inject, it } from 'vitest';
import { recover } from '../../src/batch/recover.ts';
import { findProgram } from '../../src/sandbox/local-redis.ts';
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { expectEveryDoubleFlagged } from '../support/frozen-master.ts';
import { watchDisk, watchFile } from '../support/power-loss.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

/** It can say what has reached its disk, which Redis 7.0 cannot. */
const VALKEY = findProgram(['valkey-server']);
/** How often: `CUTS=20 npm run test:long -- power-loss`. */
const CUTS = Number(process.env.CUTS ?? 3);
const ROWS_A_CUT = 40;
const SENT_BEFORE_CUT = 5;
const WORKERS = 2;
/** What a disk forgets after it has confirmed it, in milliseconds. */
const LOST_MS = [50, 300, 1_500];
const RATE = { rate: 20, ourRate: 20, latencyMs: 100 };

const startAll = (world: World) =>
  Promise.all(Array.from({ length: WORKERS }, () => startWorkerProgram(world)));

interface Acknowledged {
  id: string;
  total: number;
  state?: string;
}

/** It is acknowledged and waits for its time; half of them are cancelled, which is acknowledged too. */
async function importForLater(world: World, index: number): Promise<Acknowledged> {
  const rows = [1, 2, 3].map((row) => makeCustomer(10_000 + 10 * index + row));
  const id = await importRows(world, rows, '--at', '+600m');
  const total = rows.length;
  if (index % 4 < 2) return { id, total, state: 'running' };
  expect(await runProgram(world, ['cancel', id])).toMatchObject({ code: 0 });
  return { id, total, state: 'finished' };
}

/** Some of its rows are sent when it returns, and others are on their way. */
async function importAndSendSome(world: World, index: number): Promise<Acknowledged> {
  const rows = Array.from({ length: ROWS_A_CUT }, (_, row) => makeCustomer(index * ROWS_A_CUT + row));
  const before = world.simulator.state.record.accepted.length;
  const id = await importRows(world, rows);
  await waitForPeer(world, ({ accepted }) => accepted.length >= before + SENT_BEFORE_CUT);
  return { id, total: rows.length };
}

it.skipIf(VALKEY === undefined)(
  'loses nothing that was acknowledged when the power fails between two times of fsync',
  async () => {
    const { url, server } = await startSingleRedis(['--appendfsync', 'everysec'], VALKEY);
    const environment = { ONBOARD_DURABILITY: 'durable' };
    const world = await createWorld({ redisUrl: url, environment, ...RATE });
    const acknowledged: Acknowledged[] = [];
    let lostBytes = 0;
    for (let cut = 0; cut < CUTS; cut++) {
      const workers = await startAll(world);
      const disk = await watchDisk(server);
      // Either of them comes last, just before the cut.
      const steps = [importAndSendSome, importForLater];
      for (const step of cut % 2 === 0 ? steps : steps.reverse()) acknowledged.push(await step(world, cut));
      const [lost] = await Promise.all([disk.strike(), ...workers.map((worker) => worker.kill())]);
      lostBytes += lost;
      server.restart();
      for (const { id, ...facts } of acknowledged)
        expect(await world.open.ledger.requireBatch(id)).toMatchObject(facts);
    }
    expect(lostBytes).toBeGreaterThan(0);
    await startAll(world);
    const sent = acknowledged.filter(({ state }) => state === undefined).map(({ id }) => id);
    for (const id of sent) {
      const { counts } = await waitUntilFinished(world, id);
      expect(counts.submitted + counts.failed).toBe(ROWS_A_CUT);
    }
    await expectEveryDoubleFlagged(world, ...sent);
  },
);

describe.skipIf(!inject('hasRedisServer'))('a disk that forgets what it confirmed', () => {
  it.each(LOST_MS)(
    'in the last %s ms is noticed by the workers that live on, and nobody is sent twice unflagged',
    async (lostMs) => {
      const { url, server } = await startSingleRedis();
      const world = await createWorld({ redisUrl: url, ...RATE });
      const rows = 100;
      const batchId = await importRows(world, makeCustomers(rows));
      await startAll(world);
      const disk = await watchFile(server, lostMs);
      // Long enough for the cut not to reach back to the import.
      await waitForPeer(world, ({ accepted }) => accepted.length >= rows / 2);
      expect(await disk.strike()).toBeGreaterThan(0);
      server.restart();
      await expect
        .poll(async () => (await world.open.pause.read())?.why ?? (await stateOf(world, batchId)), {
          timeout: 60_000,
        })
        .toMatch(/LEDGER_WENT_BACK|finished/);
      if ((await stateOf(world, batchId)) !== 'finished') await recover(world.open, { by: 'test' });
      expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(rows);
      await expectEveryDoubleFlagged(world, batchId);
    },
  );
});

const stateOf = async (world: World, batchId: string) =>
  (await world.open.ledger.requireBatch(batchId)).state;
