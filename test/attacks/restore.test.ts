/** Redis is lost in mid-batch, and a backup from before is put back: nobody is sent twice without a flag. */
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { readSubmitsOf } from '../../src/agreement/submits-note.ts';
import { type BackUp, copyOfLog, snapshot } from '../support/backup.ts';
import { makeCustomers } from '../support/customers.ts';
import { expectEveryDoubleFlagged } from '../support/frozen-master.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

const ROWS = 100;
const BACKED_UP_AT = 10;
const RATE = { rate: 20, ourRate: 20 };
const WORKERS = 2;

const startAll = (world: World) =>
  Promise.all(Array.from({ length: WORKERS }, () => startWorkerProgram(world)));

const acceptedBy = (world: World) => world.simulator.state.record.accepted.length;

/** @param staysUp whether the workers live on while Redis is away */
async function loseRedis(backUp: BackUp, { staysUp }: { staysUp: boolean }) {
  const { url, server } = await startSingleRedis();
  const world = await createWorld({ redisUrl: url, ...RATE });
  const batchId = await importRows(world, makeCustomers(ROWS));
  const workers = await startAll(world);
  await waitForPeer(world, ({ accepted }) => accepted.length >= BACKED_UP_AT);
  const putBack = await backUp(server);
  const backedUp = await world.open.ledger.readSeq();
  const store = createDirectoryStore(join(world.folder, 'store'));
  const access = { redis: world.redis, account: world.account.ledger };
  await expect.poll(() => readSubmitsOf(access, store)).toBeGreaterThan(backedUp);
  await Promise.all([server.kill(), ...(staysUp ? [] : workers.map((worker) => worker.kill()))]);
  await putBack();
  server.restart();
  return { world, batchId };
}

describe.skipIf(!inject('hasRedisServer'))('a backup that is put back in mid-batch', () => {
  it.each([
    { name: 'a snapshot, and workers that are started after it', backUp: snapshot, staysUp: false },
    { name: 'a copy of the log, and workers that live on', backUp: copyOfLog, staysUp: true },
  ])('$name: all is held until it is recovered, and every double is flagged', async ({ backUp, staysUp }) => {
    const { world, batchId } = await loseRedis(backUp, { staysUp });
    const sent = acceptedBy(world);
    if (!staysUp) await startAll(world);
    await expect
      .poll(() => world.open.pause.read(), { timeout: 60_000 })
      .toMatchObject({ why: 'LEDGER_WENT_BACK' });
    expect(acceptedBy(world)).toBeLessThanOrEqual(sent + WORKERS);

    const { name } = world.account;
    const status = await runProgram(world, ['status', batchId]);
    expect(status.stdout).toContain(`onboard account recover`);
    expect(await runProgram(world, ['doctor'])).toMatchObject({
      code: 2,
      stdout: expect.stringContaining(`onboard account recover`),
    });

    expect(await runProgram(world, ['account', 'recover', name, '--yes'])).toMatchObject({ code: 0 });
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(ROWS);
    expect(world.simulator.state.record.summary().acceptedCustomers).toBe(ROWS);
    await expectEveryDoubleFlagged(world, batchId);
  });
});
