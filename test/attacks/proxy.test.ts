/** The whole way through a proxy: requests are held at the end of the tunnel, and leave in time. */
import { expect, it } from 'vitest';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { createProxiedWorld } from '../support/proxied-world.ts';

it('every customer is submitted through the proxy, at the rate of the account', async () => {
  const world = await createProxiedWorld();
  await startWorkerProgram(world);
  const rows = makeCustomers(30);
  const batch = await importRows(world, rows);
  const { code } = await runProgram(world, ['status', batch, '--watch']);
  expect(code).toBe(0);
  const { record } = world.simulator.state;
  expect(record.accepted).toHaveLength(rows.length);
  expect(record.badSignatures).toBe(0);
  expect(record.arrivals.filter(({ answer }) => answer === 'Throttling.User')).toEqual([]);
  // A tunnel is kept for the next call.
  expect(world.proxy.asked.length).toBeLessThan(rows.length);
  expect(new Set(world.proxy.asked)).toEqual(
    new Set(['cams.test.aliyuncs.com:443', 'cams-terms-sim.oss-ap-southeast-1.aliyuncs.com:443']),
  );
});
