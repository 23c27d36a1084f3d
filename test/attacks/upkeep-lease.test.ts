/** Of several processes, one at a time does the upkeep of an account. */
import { expect, it } from 'vitest';
import { startWorkerProgram } from '../support/programs.ts';
import { createQuickWorld, reportOf, waitForUpkeep } from '../support/upkeep.ts';

it('one of two processes does the upkeep, and the other takes over when it is killed', async () => {
  const world = await createQuickWorld();
  const programs = await Promise.all([startWorkerProgram(world), startWorkerProgram(world)]);
  const holderOf = async () => (await reportOf(world))?.by;
  await expect.poll(holderOf).toBeDefined();
  const first = await holderOf();
  for (let run = 0; run < 3; run++) {
    await waitForUpkeep(world);
    expect(await holderOf()).toBe(first);
  }
  const hasTaken = programs.filter(({ output }) => output.stderr.includes('upkeep_taken'));
  expect(hasTaken).toHaveLength(1);
  await hasTaken[0]?.kill();
  await expect.poll(holderOf).not.toBe(first);
});
