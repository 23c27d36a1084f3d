import { expect, it } from 'vitest';
import { makeCustomers } from './support/customers.ts';
import { importRows, startWorkerProgram } from './support/programs.ts';
import { waitForPeer, waitUntilFinished } from './support/waiting.ts';
import { createWorld, type World } from './support/world.ts';

it('leaves neither secrets nor files in Redis or in the logs, even when it logs at trace', async () => {
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
  // The dump sees into hashes, so that what it does not find is not there.
  expect(during).toContain('person1@customer.example');
  expect(worker.output.stderr).not.toMatch(/customer\.example|Main St|示例公司/);
  expect(worker.output.stderr).toContain(batchId);
});

/** In one step: between two commands a key may vanish and come back as another type. */
const DUMP_SCRIPT = `
local dump = {}
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  local reads = {
    string = {'GET', key}, hash = {'HGETALL', key}, list = {'LRANGE', key, 0, -1}, zset = {'ZRANGE', key, 0, -1},
    set = {'SMEMBERS', key}, stream = {'XRANGE', key, '-', '+'},
  }
  dump[#dump + 1] = {key, redis.call(unpack(reads[redis.call('TYPE', key).ok]))}
end
return dump
`;

/** Everything that Redis holds for the account, as text. */
async function dumpRedis({ redis, account }: World): Promise<string> {
  const dump = (await redis.eval(DUMP_SCRIPT, 0, `*${account.name}*`)) as [string, unknown][];
  expect(dump.length).toBeGreaterThan(8);
  return JSON.stringify(dump);
}
