import { expect, it } from 'vitest';
import { runProgram } from '../support/programs.ts';
import { createProxiedWorld } from '../support/proxied-world.ts';

it('doctor asks the peer through the proxy, and says so', async () => {
  const world = await createProxiedWorld();
  const { stdout, stderr } = await runProgram(world, ['doctor']);
  const { host } = new URL(world.proxy.url);
  expect(stdout).toContain(`https://cams.test.aliyuncs.com answers through the proxy ${host}`);
  expect(stdout).toContain('the peer accepts this account');
  expect(stdout + stderr).not.toContain('proxy-secret');
  expect(new Set(world.proxy.asked)).toEqual(new Set(['cams.test.aliyuncs.com:443']));
});
