/** Servers whose commands are closed by `rename-command`, as hosted ones have it: what works, and what is said. */
import { describe, expect, inject, it } from 'vitest';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';
import { createWorld } from '../support/world.ts';

const ROWS = 4;
const closed = (...commands: string[]) => commands.flatMap((name) => ['--rename-command', name, '']);

async function worldAt(redisUrl: string, durability: 'durable' | 'relaxed') {
  return createWorld({ redisUrl, environment: { ONBOARD_DURABILITY: durability } });
}

describe.skipIf(!inject('hasRedisServer'))('a Redis without', () => {
  it('CONFIG, INFO, CLIENT, DEBUG and more does the work, once its risk is accepted', async () => {
    const commands = ['CONFIG', 'INFO', 'CLIENT', 'DEBUG', 'MONITOR', 'ACL', 'SHUTDOWN', 'SAVE', 'KEYS'];
    const { url } = await startSingleRedis(closed(...commands));
    const refusing = await worldAt(url, 'durable');
    const refused = await runProgram(refusing, ['doctor']);
    expect(refused.stdout).toMatch(/BAD +durability/);
    const world = await worldAt(url, 'relaxed');
    await startWorkerProgram(world);
    const batch = await importRows(world, makeCustomers(ROWS));
    expect((await runProgram(world, ['status', batch, '--watch'])).code).toBe(0);
    expect(world.simulator.state.record.accepted).toHaveLength(ROWS);
    const doctor = await runProgram(world, ['doctor']);
    expect(doctor.stdout).toMatch(/note +Redis +version unknown/);
  });
});
