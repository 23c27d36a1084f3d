/** A replica that lags behind: what it lacks is not confirmed, and is lost when it takes over. */
import { Redis } from 'ioredis';
import { describe, expect, inject, it } from 'vitest';
import { makeCustomer, makeCustomers, writeInput } from '../support/customers.ts';
import { expectEveryDoubleFlagged } from '../support/frozen-master.ts';
import { makeApp } from '../support/pages.ts';
import { importRows, runProgram, startProgram, startWorkerProgram } from '../support/programs.ts';
import { startReplicatedRedis, startWatchedRedis } from '../support/redis-servers.ts';
import { batchParts, post } from '../support/uploads.ts';
import { waitForBatch, waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

/** More than the sockets between master and replica hold, in bytes. */
const BACKLOG_BYTES = 64 * 1024 * 1024;
const RATE = { rate: 20, ourRate: 20 };

async function importParameters(world: World, rows = 3): Promise<string[]> {
  const path = await writeInput(world, makeCustomers(rows));
  return ['import', path, '--agreements', world.agreements];
}

async function newestBatch(world: World): Promise<string> {
  await expect.poll(() => world.open.ledger.listBatches(1)).toHaveLength(1);
  const [batch] = await world.open.ledger.listBatches(1);
  return batch?.id ?? '';
}

describe.skipIf(!inject('hasRedisServer'))('an import into a master whose replica is frozen', () => {
  it('tells its id only when the replica has it', async () => {
    const { url, replica } = await startReplicatedRedis();
    const world = await createWorld({ redisUrl: url });
    replica.freeze();
    const program = startProgram(world, await importParameters(world));
    const id = await newestBatch(world);
    await waitForBatch(world, id, ({ state }) => state === 'running');
    // All is written, and the wait has begun: the id would be printed by now.
    await expect.poll(() => world.redis.client('LIST')).toMatch(/ cmd=wait /);
    expect(program.output.stdout).toBe('');
    replica.thaw();
    expect(await program.ended).toMatchObject({ code: 0 });
    expect(program.output.stdout.trim()).toBe(id);
  });

  it('ends with 1 and tells no id if the replica does not get it', async () => {
    const { url, replica } = await startReplicatedRedis();
    const world = await createWorld({ redisUrl: url });
    replica.freeze();
    const { code, stdout, stderr } = await runProgram(world, await importParameters(world));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('A replica of Redis did not confirm it in 5 seconds.');
    expect(stderr).toContain('onboard doctor');
  });
});

it.skipIf(!inject('hasRedisServer'))(
  'a repetition is not told of a batch that the replica lacks',
  async () => {
    const { url, replica } = await startReplicatedRedis();
    const world = await createWorld({ redisUrl: url });
    const app = await makeApp(world);
    const headers = { 'idempotency-key': 'once' };
    const order = () => post(app, '/v1/batches', batchParts(makeCustomers(2)), { headers });
    const { id } = (await order()).json();
    // As if the process had died before it could confirm.
    expect(await world.redis.del(await world.redis.keys('{onboard}:answers:*'))).toBe(1);
    replica.freeze();
    const again = await order();
    expect([again.statusCode, again.json().code]).toEqual([503, 'NOT_DURABLE_YET']);
    replica.thaw();
    expect((await order()).json().id).toBe(id);
  },
);

it.skipIf(!inject('hasRedisServer')).each([
  ['that live on', false],
  ['that are killed with the master', true],
])(
  'a failover to it loses no acknowledged import, and no double is unflagged, with workers %s',
  async (_which, areKilled) => {
    const rows = 60;
    const { url, master, replica, takenOver } = await startWatchedRedis();
    const world = await createWorld({ redisUrl: url, ...RATE });
    const workers = [await startWorkerProgram(world), await startWorkerProgram(world)];
    const batchId = await importRows(world, makeCustomers(rows));
    await waitForPeer(world, (record) => record.accepted.length >= 10);
    replica.freeze();
    await fillBacklog(master.port);
    const seen = world.simulator.state.record.accepted.length;
    const others = Array.from({ length: 5 }, (_, index) => makeCustomer(1_000 + index));
    const path = await writeInput(world, others, 'others.csv');
    const second = await runProgram(world, ['import', path, '--agreements', world.agreements]);
    const isHeldBack = () => workers.some(({ output }) => output.stderr.includes('did not confirm it'));
    await waitForPeer(world, ({ accepted }) => isHeldBack() || accepted.length >= seen + 10);
    await Promise.all([master.kill(), ...(areKilled ? workers.map((worker) => worker.kill()) : [])]);
    replica.thaw();
    await takenOver();
    if (areKilled) await startWorkerProgram(world);

    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(rows);
    await expectEveryDoubleFlagged(world, batchId);
    // A process that lives still knows what it was answered.
    if (!areKilled) expect(world.simulator.state.record.summary().acceptedTwice).toBe(0);
    expect(await acknowledgedRows(world, second)).toBe(second.code === 0 ? others.length : 0);
  },
);

async function fillBacklog(port: number): Promise<void> {
  const redis = new Redis(port, '127.0.0.1');
  await redis.set('backlog', Buffer.alloc(BACKLOG_BYTES));
  redis.disconnect();
}

async function acknowledgedRows(world: World, { stdout }: { stdout: string }): Promise<number> {
  const id = stdout.trim();
  return id === '' ? 0 : ((await world.open.ledger.readBatch(id))?.total ?? 0);
}
