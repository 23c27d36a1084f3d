import { expect, it } from 'vitest';
import {
  createWorld,
  importRows,
  makeCustomers,
  startWorkerProgram,
  type World,
  waitForPeer,
  waitUntilFinished,
} from './support/world.ts';

it('secrets and files, of a run logged at trace, are neither in Redis nor in the logs', async () => {
  const world = await createWorld({
    faults: [
      { operation: 'submit', kind: 'dropAfter', ordinals: [1] },
      { operation: 'put', kind: 'dropAfter', ordinals: [2] },
    ],
  });
  const worker = await startWorkerProgram(world, { LOG_LEVEL: 'trace' });
  const batchId = await importRows(world, makeCustomers(3));
  await waitForPeer(world, (record) => record.accepted.length >= 2);
  const during = await dumpRedis(world);
  await waitUntilFinished(world, batchId);
  const after = await dumpRedis(world);
  const { state } = world.simulator;
  const secrets = [
    ...[...state.grants.values()].flatMap((grant) => [grant.accessKeySecret, grant.securityToken]),
    ...[...state.accounts.values()].map((account) => account.accessKeySecret),
    '%PDF-',
    'Signature=',
  ];
  for (const secret of secrets) {
    expect(during).not.toContain(secret);
    expect(after).not.toContain(secret);
    expect(worker.output.stderr).not.toContain(secret);
  }
  expect(worker.output.stderr).not.toMatch(/customer\.example|Main St|示例公司/);
  expect(worker.output.stderr).toContain(batchId);
});

/** Everything that Redis holds for the account, as text. */
async function dumpRedis(world: World): Promise<string> {
  const keys = await world.redis.keys(`*${world.account.name}*`);
  const values = await Promise.all(
    keys.map(async (key) => {
      switch (await world.redis.type(key)) {
        case 'string':
          return world.redis.get(key);
        case 'hash':
          return world.redis.hgetall(key);
        case 'list':
          return world.redis.lrange(key, 0, -1);
        case 'zset':
          return world.redis.zrange(key, '0', '-1');
        case 'set':
          return world.redis.smembers(key);
        default:
          return world.redis.xrange(key, '-', '+');
      }
    }),
  );
  expect(keys.length).toBeGreaterThan(8);
  return JSON.stringify([keys, values]);
}
