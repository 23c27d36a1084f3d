import { expect, it } from 'vitest';
import { Lease, leaseScript } from '../../src/redis/lease.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

it('only one holder has the lease until it expires or is given up', async () => {
  const [redis, key] = [connectTestRedis(), uniqueName()];
  const [first, second] = [1, 2].map(() => new Lease(redis, { key, holdMs: 60_000 })) as [Lease, Lease];
  expect(await first.hold()).toMatchObject({ isHeld: true });
  expect(await second.hold()).toMatchObject({ isHeld: false });
  expect(await first.hold()).toMatchObject({ isHeld: true });
  await second.giveUp();
  expect(await second.hold()).toMatchObject({ isHeld: false });
  await first.giveUp();
  expect(await second.hold()).toMatchObject({ isHeld: true });
  // What a clock leaves that has been set back since.
  await redis.pexpire(key, 600_000);
  expect(await first.hold()).toMatchObject({ isHeld: true });
  expect(await second.hold()).toMatchObject({ isHeld: false });
});

it('the state of a lease is decoded by name', () => {
  expect(leaseScript.decode(['isHeld', 1, 'runId', 'abc'])).toEqual({ isHeld: true, runId: 'abc' });
  expect(leaseScript.decode(['isHeld', 0, 'runId', ''])).toEqual({ isHeld: false, runId: '' });
});
