import type { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { channelKeys } from '../../src/koogallery/keys.ts';
import { createLogger } from '../../src/logger.ts';
import { openAccount } from '../../src/onboarding/open-account.ts';
import { type Desk, openDesk } from '../support/koogallery/chatapp-work.ts';
import { connectTestRedis } from '../support/redis.ts';

/** An account in a process that dies before its n-th command: that one and all after it never arrive. */
function openDoomed({ world }: Desk, n: number) {
  const { account, settings } = world;
  const redis = connectTestRedis();
  const send = redis.sendCommand.bind(redis);
  let sent = 0;
  const died = new Promise<'died'>((resolve) => {
    redis.sendCommand = (...[command, stream]: Parameters<Redis['sendCommand']>) => {
      sent += 1;
      if (sent < n) return send(command, stream);
      resolve('died');
      return new Promise(() => undefined);
    };
  });
  return { account: openAccount({ account, settings, redis, logger: createLogger('silent') }), died };
}

it('adds one row, before whichever command of its work a process dies', async () => {
  const desk = await openDesk();
  const { world, access } = desk;
  const ids: string[] = [];
  for (let n = 1, ended = 'died'; ended === 'died'; n += 1) {
    const id = `i${n}`;
    ids.push(id);
    await desk.sign(`C${n}`);
    await desk.buy(id, { customerId: `C${n}`, customerName: 'n' });
    const { account, died } = openDoomed(desk, n);
    ended = await Promise.race([desk.workOn(id, account).then(() => 'ended'), died]);
    await world.redis.del(`${channelKeys(access.slug).instance(id)}:lease`);
    await desk.hasten(id);
  }
  expect(ids.length).toBeGreaterThan(10);
  const rows = await desk.rows();
  const customers = ids.map((id) => id.replace('i', 'C'));
  expect(rows.map(({ record }) => record.custSpaceId).sort()).toEqual([...customers].sort());
  for (const [index, id] of ids.entries()) {
    const { customer } = (await desk.instance(id)) ?? {};
    expect(rows.find(({ row }) => row === customer?.row)?.record.custSpaceId).toBe(customers[index]);
  }
});
