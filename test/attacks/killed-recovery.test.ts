/** A recovery is killed at any moment, or goes by a clock that is behind: whoever may be sent twice is flagged all the same. */
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { readSubmitsOf } from '../../src/agreement/submits-note.ts';
import { keepPaused } from '../../src/queue/keep-paused.ts';
import { copyOfLog } from '../support/backup.ts';
import { COMPILER, startRedisWithClock } from '../support/clock.ts';
import { makeCustomers } from '../support/customers.ts';
import { expectEveryDoubleFlagged } from '../support/frozen-master.ts';
import { importRows, runProgram, startProgram, startWorkerProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';
import { rowsOf } from '../support/rows.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

const ROWS = 6;
const AHEAD_SECONDS = 50;
const HOUR_MS = 3_600_000;
const RATE = { rate: 20, ourRate: 20 };
/** The last that Redis hears of it: that it begins, a read between two writes, its end, and what follows. */
const LAST_WORDS = ['RECOVERING', 'lastRow', 'LEDGER_WENT_BACK', ':limiter'];

const recover = ({ account }: World) => ['account', 'recover', account.name, '--yes'];

async function killRecovery(world: World, lastWords: string): Promise<void> {
  const proxy = await startTcpProxy(world.environment.REDIS_URL ?? '');
  const program = startProgram(world, recover(world), { REDIS_URL: proxy.url });
  await proxy.hears(lastWords, () => program.signal('SIGKILL'));
  expect(await program.ended).toMatchObject({ signal: 'SIGKILL' });
}

describe.skipIf(!inject('hasRedisServer'))('a recovery', () => {
  it.each(LAST_WORDS)(
    'that is killed when it has said "%s" holds the account, or has marked all',
    async (lastWords) => {
      const { url } = await startSingleRedis();
      const world = await createWorld({ redisUrl: url, ...RATE });
      const { open, account } = world;
      const batchId = await importRows(world, makeCustomers(ROWS));
      // Redis knows its scripts from now on.
      expect(await runProgram(world, recover(world))).toMatchObject({ code: 0 });
      await open.pause.hold('a worker', Date.now() + HOUR_MS);
      await keepPaused(open.redis, account.ledger);
      await killRecovery(world, lastWords);

      const isHeld = (await open.pause.read())?.why !== undefined;
      const { stdout } = await runProgram(world, ['status', batchId]);
      if (isHeld) {
        expect(stdout).toContain('onboard account recover');
        expect(await runProgram(world, ['resume', '--account', account.name])).toMatchObject({ code: 2 });
        expect(await runProgram(world, recover(world))).toMatchObject({ code: 0 });
      } else {
        expect(stdout).not.toContain('paused');
        for (const { record } of await rowsOf(world, batchId)) expect(record.ambiguous).toBe(2);
      }
      await startWorkerProgram(world);
      expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(ROWS);
    },
  );
});

it.skipIf(!inject('hasRedisServer') || COMPILER === undefined)(
  'a second backup is recovered once, too, where the clock is behind that of the first recovery',
  async () => {
    const { url, server, setClock } = await startRedisWithClock();
    const world = await createWorld({ redisUrl: url, ...RATE });
    const batchId = await importRows(world, makeCustomers(2 * ROWS));
    const putBack = await copyOfLog(server);
    await setClock(AHEAD_SECONDS);
    expect(await runProgram(world, recover(world))).toMatchObject({ code: 0 });
    const worker = await startWorkerProgram(world);
    await waitForPeer(world, ({ accepted }) => accepted.length >= ROWS);
    const store = createDirectoryStore(join(world.folder, 'store'));
    const access = { redis: world.redis, account: world.account.ledger };
    await expect.poll(() => readSubmitsOf(access, store)).toBeGreaterThan(Date.now());
    await worker.kill();
    await setClock(0);
    await server.kill();
    await putBack();
    server.restart();

    expect(await runProgram(world, recover(world))).toMatchObject({ code: 0 });
    await startWorkerProgram(world);
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(2 * ROWS);
    expect(await world.open.pause.read()).toBeUndefined();
    await expectEveryDoubleFlagged(world, batchId);
  },
);
