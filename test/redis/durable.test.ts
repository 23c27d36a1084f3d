/** Waiting until Redis cannot forget, with real servers that lose their disk, their replica or their life. */
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { connectRedis, type RedisClient } from '../../src/redis/connect.ts';
import { Durable, type Writes } from '../../src/redis/durable.ts';
import { findProgram } from '../../src/sandbox/local-redis.ts';
import { startReplicatedRedis, startSingleRedis } from '../support/redis-servers.ts';

const KEY = '{t}:durable';
const VALKEY = findProgram(['valkey-server']);

function connect(url: string): RedisClient {
  const redis = connectRedis(url, { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  return redis;
}

function open(redis: RedisClient, { waitMs = 3_000 } = {}): Durable {
  const durable = new Durable(redis, { waitMs });
  onTestFinished(() => durable.close());
  return durable;
}

async function writeAndConfirm(redis: RedisClient, writes: Writes): Promise<void> {
  await redis.incr('{t}:any');
  await writes.confirm();
}

const NOT_YET = { code: 'NOT_DURABLE_YET', class: 'unknown' };

describe.skipIf(!inject('hasRedisServer'))('a write', () => {
  it('costs no command more where the reply already says so', async () => {
    const redis = connect((await startSingleRedis()).url);
    const durable = open(redis);
    await redis.ping();
    await durable.begin(KEY, 'durable');
    const count = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
    const before = await count();
    for (let write = 0; write < 100; write++) await (await durable.begin(KEY, 'durable')).confirm();
    expect((await durable.begin(KEY, 'durable')).needsWait).toBe(false);
    expect(await count()).toBe(before + 1);
  });

  it('waits for a replica, and all that wait share one wait', async () => {
    const { url, replica } = await startReplicatedRedis();
    const redis = connect(url);
    const durable = open(redis);
    const writes = await durable.begin(KEY, 'durable');
    expect(writes.needsWait).toBe(true);
    const rows = Array.from({ length: 100 }, (_, row) => row);
    // All are written before the first waits: how many come together is not left to the machine.
    await Promise.all(rows.map((row) => redis.incr(`{t}:${row % 7}`)));
    await Promise.all(rows.map(() => writes.confirm()));
    const [, waits] = /cmdstat_wait:calls=(\d+)/.exec(await redis.info('commandstats')) ?? [];
    expect(Number(waits)).toBeLessThanOrEqual(3);
    const copy = connect(`redis://127.0.0.1:${replica.port}`);
    // The replica has all of it at the moment in which it is confirmed.
    expect(await copy.dbsize()).toBe(8);
  });

  it('is not confirmed while the only replica is frozen or gone, and is once it has it', async () => {
    const { url, replica } = await startReplicatedRedis();
    const redis = connect(url);
    const durable = open(redis, { waitMs: 800 });
    const writes = await durable.begin(KEY, 'durable');
    replica.freeze();
    await expect(writeAndConfirm(redis, writes)).rejects.toMatchObject(NOT_YET);
    replica.thaw();
    const isConfirmed = () => writeAndConfirm(redis, writes).then(() => true);
    await expect.poll(() => isConfirmed().catch(() => false)).toBe(true);
    await replica.kill();
    await expect.poll(() => redis.info('replication')).toContain('connected_slaves:0');
    // What was copied before is no better off now: the replica may be promoted elsewhere.
    redis.disconnect(true);
    const begun = await durable.begin(KEY, 'durable');
    expect(begun.needsWait).toBe(true);
    await expect(writeAndConfirm(redis, begun)).rejects.toThrow('A replica of Redis did not confirm it');
  });
});

describe.skipIf(!inject('hasRedisServer'))('a write that another server may lack', () => {
  it('is not confirmed by a server that was restarted after it', async () => {
    const { url, master } = await startReplicatedRedis();
    const redis = connect(url);
    const durable = open(redis);
    const writes = await durable.begin(KEY, 'durable');
    await redis.incr('{t}:any');
    await master.kill();
    master.restart();
    await expect(writes.confirm()).rejects.toThrow('restarted or replaced meanwhile');
  });

  it('is not confirmed by another server than the one that it was sent to', async () => {
    const [ours, theirs] = [await startReplicatedRedis(), await startReplicatedRedis()];
    // One address that leads to either of them, as during a failover behind it.
    const redis = Object.assign(connect(ours.url), { duplicate: () => connect(theirs.url) });
    const writes = await open(redis).begin(KEY, 'durable');
    await expect(writeAndConfirm(redis, writes)).rejects.toThrow('Two servers answer');
  });
});

describe.skipIf(!inject('hasRedisServer'))('a write to a server that may forget', () => {
  it('is refused, or not waited for if that was accepted', async () => {
    const redis = connect((await startSingleRedis(['--appendonly', 'no'])).url);
    await expect(open(redis).begin(KEY, 'durable')).rejects.toMatchObject({ code: 'REDIS_NOT_DURABLE' });
    const accepted = await open(redis).begin(KEY, 'relaxed');
    expect(accepted.needsWait).toBe(false);
    await writeAndConfirm(redis, accepted);
  });
});

it.runIf(VALKEY !== undefined)(
  'a write waits for the disk where the server can say when (Valkey)',
  async () => {
    const redis = connect((await startSingleRedis(['--appendfsync', 'everysec'], VALKEY)).url);
    // A disk that is busy takes its time; one that gets nothing is not waited for so long.
    const [writes, hasty] = [
      await open(redis, { waitMs: 20_000 }).begin(KEY, 'durable'),
      await open(redis, { waitMs: 1_500 }).begin(KEY, 'durable'),
    ];
    expect(writes.needsWait).toBe(true);
    await writeAndConfirm(redis, writes);
    expect(await redis.info('commandstats')).toContain('cmdstat_waitaof:calls=1');
    // From here on nothing reaches the disk.
    await redis.config('SET', 'appendfsync', 'no');
    await expect(writeAndConfirm(redis, hasty)).rejects.toMatchObject(NOT_YET);
    await redis.config('SET', 'appendfsync', 'everysec');
    await writeAndConfirm(redis, writes);
  },
);
