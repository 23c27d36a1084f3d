/** A Redis that may forget what it has confirmed, seen by the command line and by workers. */

import { Redis } from 'ioredis';
import { expect, inject, it, onTestFinished } from 'vitest';
import { startRedisServer } from '../../src/sandbox/local-redis.ts';
import { makeCustomers, writeInput } from '../support/customers.ts';
import { runProgram, startProgram } from '../support/programs.ts';
import { createWorld } from '../support/world.ts';

async function worldThatForgets() {
  const server = await startRedisServer('redis-server');
  onTestFinished(server.stop);
  const redis = new Redis(server.url);
  await redis.config('SET', 'appendfsync', 'everysec');
  redis.disconnect();
  return createWorld({ redisUrl: server.url, environment: { ONBOARD_DURABILITY: 'durable' } });
}

it.runIf(inject('hasRedisServer'))(
  'is refused by imports and workers, in one line that says why',
  async () => {
    const world = await worldThatForgets();
    const input = await writeInput(world, makeCustomers(1));
    const parameters = ['import', input, '--agreements', world.agreements];
    for (const command of [parameters, ['worker']]) {
      const { code, stderr } = await runProgram(world, command);
      expect(code).toBe(2);
      expect(stderr).toMatch(/onboard: Redis runs with appendfsync everysec.*sent twice/);
      expect(stderr).toMatch(/→ .*ONBOARD_DURABILITY=relaxed/);
    }
    expect(await world.open.ledger.listBatches(1)).toEqual([]);
  },
);

it.runIf(inject('hasRedisServer'))(
  'is accepted if that was chosen, and every command says what it may cost',
  async () => {
    const world = await worldThatForgets();
    const relaxed = { ONBOARD_DURABILITY: 'relaxed', LOG_LEVEL: 'info' };
    const input = await writeInput(world, makeCustomers(1));
    const imported = await runProgram(world, ['import', input, '--agreements', world.agreements], relaxed);
    expect([imported.code, imported.stderr]).toEqual([0, expect.stringContaining('may be sent twice')]);
    const worker = startProgram(world, ['worker'], relaxed);
    await worker.says('workers_started');
    expect(worker.output.stderr).toContain('may be sent twice');
    expect((await runProgram(world, ['status'], relaxed)).stderr).toContain('may be sent twice');
  },
);
