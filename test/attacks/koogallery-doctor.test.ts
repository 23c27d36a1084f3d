/** What `doctor` and `check` say of a Redis that holds channels of KooGallery: what it may forget, and what it does not let us do. */
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { makeChannelsFile } from '../support/koogallery/channels-file.ts';
import { makeOpenChannel } from '../support/koogallery/marketplace.ts';
import { runProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';
import { createWorld } from '../support/world.ts';

/** Nobody is looked up outside. */
const LOCAL_NAMES = `--import=${fileURLToPath(new URL('../support/local-names.mjs', import.meta.url))}`;

interface Line {
  what: string;
  isOk: boolean;
  isNote?: true;
  text: string;
}

async function startInstallation() {
  const { url } = await startSingleRedis();
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  // Its open APIs are on this machine.
  const channel = makeOpenChannel({ generation: 'license-online' });
  const world = await createWorld({ redisUrl: url, environment: await makeChannelsFile(channel) });
  const doctor = async (env: Record<string, string> = {}) => {
    const { stdout } = await runProgram(world, ['doctor', '--json'], env);
    const lines = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
    return (what: string) => lines.find((each) => each.what === what);
  };
  return { url, redis, world, slug: channel.slug, doctor };
}

it('says whether an acknowledged purchase can be forgotten', async () => {
  const { redis, doctor } = await startInstallation();
  const what = 'KooGallery: durability';
  expect((await doctor())(what)).toMatchObject({
    isOk: true,
    text: expect.stringContaining('appendfsync always'),
  });
  await redis.config('SET', 'appendfsync', 'no');
  expect((await doctor())(what)).toMatchObject({ isOk: false });
  expect((await doctor({ ONBOARD_DURABILITY: 'relaxed' }))(what)).toMatchObject({ isOk: true, isNote: true });
});

it('tries the right to the keys of each channel', async () => {
  const { url, redis, world, slug, doctor } = await startInstallation();
  const as = (user: string) => ({ REDIS_URL: url.replace('redis://', `redis://${user}:word@`) });
  const rules = ['on', '>word', '~{onboard*', '~{rehearsal*', '&*', '+@all'];
  await redis.call('ACL', 'SETUSER', 'before', ...rules);
  await redis.call('ACL', 'SETUSER', 'now', ...rules, '~{koogallery*');
  const what = 'Redis: rights';
  expect((await doctor(as('before')))(what)).toMatchObject({
    ...{ isOk: false, text: `this user may not use the keys {koogallery:${slug}}*` },
  });
  expect((await doctor(as('now')))(what)).toMatchObject({ isOk: true });
  // The rest of the list is not lost for it.
  const address = `http://127.0.0.1:${await freePort()}/koogallery/shop`;
  const checking = ['koogallery', 'check', '--json', '--url', address];
  const { code, stdout } = await runProgram(world, checking, { ...as('before'), NODE_OPTIONS: LOCAL_NAMES });
  expect(code).toBe(2);
  for (const finding of [
    '"code":"rights","where":"Redis","what":"rights"',
    '"code":"address"',
    '"code":"answers"',
  ])
    expect(stdout).toContain(finding);
});
