/** Redis is lost whole and comes back empty: the same import again sends nobody a second time before a person has decided. */
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { readSubmitsOf } from '../../src/agreement/submits-note.ts';
import { startEmpty } from '../support/backup.ts';
import { makeCustomers } from '../support/customers.ts';
import { expectEveryDoubleFlagged } from '../support/frozen-master.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

const ROWS = 6;

/** Everybody is submitted, and Redis is lost. @param staysUp whether the worker lives on meanwhile */
async function loseRedis({ staysUp }: { staysUp: boolean }): Promise<World> {
  const { url, server } = await startSingleRedis();
  const world = await createWorld({ redisUrl: url, rate: 20, ourRate: 20 });
  const worker = await startWorkerProgram(world);
  await waitUntilFinished(world, await importRows(world, makeCustomers(ROWS)));
  const store = createDirectoryStore(join(world.folder, 'store'));
  const access = { redis: world.redis, account: world.account.ledger };
  // A submit that found its slot too late has taken a number, too.
  await expect.poll(() => readSubmitsOf(access, store)).toBeGreaterThanOrEqual(ROWS);
  const makeEmpty = await startEmpty(server);
  await Promise.all([server.kill(), ...(staysUp ? [] : [worker.kill()])]);
  await makeEmpty();
  server.restart();
  return world;
}

const pauseOf = (world: World) => expect.poll(() => world.open.pause.read());

describe.skipIf(!inject('hasRedisServer'))('a Redis that came back empty', () => {
  it.each([
    { name: 'a worker that is started after it', staysUp: false },
    { name: 'a worker that lives on', staysUp: true },
  ])('$name: nothing is sent before somebody has decided, and that holds for good', async ({ staysUp }) => {
    const world = await loseRedis({ staysUp });
    const { name } = world.account;
    // The same, and a new one: a worker that lives on knows for a minute what it has sent, and writes that again.
    const batchId = await importRows(world, makeCustomers(ROWS + 1));
    if (!staysUp) await startWorkerProgram(world);
    await pauseOf(world).toMatchObject({ why: 'LEDGER_EMPTY' });
    expect(await runProgram(world, ['resume', '--account', name])).toMatchObject({ code: 2 });

    const status = await runProgram(world, ['status', batchId]);
    expect(status.stdout).toContain('Redis has none of the submits that were made, the last at 20');
    expect(status.stdout).toContain('put its backup back');
    const doctor = await runProgram(world, ['doctor']);
    expect(doctor).toMatchObject({ code: 2, stdout: expect.stringContaining('onboard account recover') });
    expect(world.simulator.state.record.accepted).toHaveLength(ROWS);

    const recovered = await runProgram(world, ['account', 'recover', name, '--yes']);
    expect(recovered).toMatchObject({ code: 0 });
    const { counts } = await waitUntilFinished(world, batchId);
    expect(counts.submitted + counts.unchanged).toBe(ROWS + 1);
    await expectEveryDoubleFlagged(world, batchId);
    await startWorkerProgram(world);
    expect(await world.open.pause.read()).toBeUndefined();
  });

  it('is told by `doctor` before a worker is started, and may be recovered then', async () => {
    const world = await loseRedis({ staysUp: false });
    const { name } = world.account;
    const doctor = await runProgram(world, ['doctor']);
    expect(doctor).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/Redis knows of no submit, but submit \d+ was made, and noted at 20/),
    });
    const recovered = await runProgram(world, ['account', 'recover', name, '--yes']);
    expect(recovered).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('are sent again, unflagged'),
    });
    await startWorkerProgram(world);
    const batchId = await importRows(world, makeCustomers(ROWS));
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(ROWS);
  });
});
