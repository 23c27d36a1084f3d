import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { defineScript } from '../../src/redis/script.ts';
import { timeScript } from '../../src/redis/time.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

/** Two files that no other test sends, so that Redis does not know them yet. */
async function writeScripts() {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-lua-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return pathToFileURL(join(folder, name));
  };
  const main = await write(
    'main.lua',
    `return {'name', NAME, 'twice', twice(ARGV[1]), 'none', false} -- ${uniqueName()}\n`,
  );
  const include = await write('twice.lua', 'local function twice(number) return number * 2 end\n');
  return { main, include };
}

it('a script is sent with its prelude and its includes, and returns what it names', async () => {
  const { main, include } = await writeScripts();
  const script = defineScript(main, {
    prelude: "local NAME = 'known'",
    includes: [include],
    decode: (fields) => fields,
  });
  const redis = connectTestRedis();
  for (const _ of ['sent as text', 'sent as digest'])
    expect(await script.run(redis, ['key'], [21])).toEqual({ name: 'known', twice: 42, none: null });
  expect(script.readParts().map(({ path }) => path?.split('/').at(-1))).toEqual([
    undefined,
    'twice.lua',
    'main.lua',
  ]);
});

it('a script is read when it runs first, not when it is defined', async () => {
  const script = defineScript(new URL('./no-such.lua', import.meta.url), { decode: () => undefined });
  await expect(script.run(connectTestRedis(), ['key'], [])).rejects.toMatchObject({ code: 'ENOENT' });
});

it.each([['text'], [['name']], [null]])('%j is no result of a script', (reply) => {
  expect(() => timeScript.decode(reply)).toThrow('flat list');
});

it('the time is decoded by name', () => {
  expect(timeScript.decode(['microseconds', '250', 'seconds', '1700000000'])).toEqual({
    seconds: 1_700_000_000,
    microseconds: 250,
  });
});
