import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCommand } from '../support/command.ts';
import { makeChannelsFile } from '../support/koogallery/channels-file.ts';
import { makeOpenChannel } from '../support/koogallery/marketplace.ts';
import { creation, doChange, wish } from '../support/koogallery/registry.ts';
import { openInstallation } from '../support/pages.ts';
import { createWorld } from '../support/world.ts';

async function openWorld() {
  const world = await createWorld();
  const channels = [makeOpenChannel({ generation: 'license-v1' }), makeOpenChannel()] as const;
  Object.assign(world.environment, await makeChannelsFile(...channels));
  return { world, license: channels[0].slug, saas: channels[1].slug };
}

it('lists the instances of a channel, and tells the story of one', async () => {
  const { world, saas } = await openWorld();
  const koogallery = await openInstallation(world).koogallery();
  const access = { redis: world.redis, slug: saas };
  await doChange(access, creation('i'));
  await doChange(access, wish('freeze', 'i'));
  const { instances } = await koogallery.instances(saas, { limit: 10 });
  expect(instances.map(({ id, wanted }) => [id, wanted])).toEqual([['i', 'frozen']]);
  const story = await koogallery.instance(saas, 'i');
  expect(story.tasks.map(({ type }) => type)).toEqual(['instance.create', 'instance.freeze']);
  await expect(koogallery.instance(saas, 'never')).rejects.toMatchObject({ code: 'INSTANCE_UNKNOWN' });
  await expect(koogallery.instances('nobody', { limit: 1 })).rejects.toThrow('There is no channel nobody');
});

it('loads licenses from a file, each once', async () => {
  const { world, license, saas } = await openWorld();
  const file = join(world.folder, 'licenses.txt');
  await writeFile(file, '\uFEFFCODE-1\r\nCODE-2\n\nCODE-1\n');
  const add = (...words: string[]) => runCommand(world, ['koogallery', 'licenses', 'add', ...words]);
  expect(JSON.parse((await add(license, file, '--json')).stdout)).toEqual({ added: 2, known: 1 });
  expect((await add(license, file)).stderr).toContain('0 licenses were added');
  expect((await add(saas, file)).stderr).toContain('its generation is not license-v1');
  expect((await add(license, `${file}.no`)).stderr).toContain('cannot be read');
});

it('serves nothing where there is no channel', async () => {
  const world = await createWorld();
  expect((await runCommand(world, ['koogallery', 'serve'])).stderr).toContain('ONBOARD_KOOGALLERY');
});
