/** A slug that is taken out of the settings must not be forgotten with what it has left. */
import { expect, it, onTestFinished } from 'vitest';
import { CHANNELS_TOLD, channelKeys, KNOWN_CHANNELS } from '../../src/koogallery/keys.ts';
import { announceChannels, findLeftBehind } from '../../src/koogallery/known-channels.ts';
import { lookAtLeftBehind } from '../../src/koogallery/look-at-channels.ts';
import { createLogger } from '../../src/logger.ts';
import type { AlertEvent } from '../../src/notify/events.ts';
import { textOf } from '../../src/notify/texts.ts';
import { runCommand } from '../support/command.ts';
import { creation, doChange, makeChannel } from '../support/koogallery/registry.ts';
import { createWorld } from '../support/world.ts';

async function leaveBehind() {
  const access = makeChannel();
  onTestFinished(async () => void (await access.redis.zrem(KNOWN_CHANNELS, access.slug)));
  await announceChannels(access.redis, [access.slug], createLogger('silent'));
  await doChange(access, creation('i'));
  return access;
}

const anHourAgo = async ({ redis, slug }: ReturnType<typeof makeChannel>) =>
  redis.zincrby(KNOWN_CHANNELS, -3_600_001, slug);

it('is noted by doctor, and found bad once no process has had it for an hour', async () => {
  const access = await leaveBehind();
  const findings = async (...slugs: string[]) =>
    (await findLeftBehind(access.redis, slugs)).filter(({ what }) => what.endsWith(access.slug));
  expect(await findings(access.slug)).toEqual([]);
  const text = `${access.slug} is not in the settings, and has left 1 instance with something to do`;
  expect(await findings()).toMatchObject([{ isOk: true, isNote: true, text }]);
  await anHourAgo(access);
  expect(await findings()).toMatchObject([{ isOk: false, hint: expect.stringContaining('instances') }]);
  await access.redis.del(channelKeys(access.slug).due);
  expect(await findings()).toEqual([]);
});

it('is told once, while it lasts', async () => {
  const access = await leaveBehind();
  const { redis, slug } = access;
  onTestFinished(async () => void (await redis.hdel(CHANNELS_TOLD, `left:${slug}`)));
  const raised: AlertEvent[] = [];
  const look = (...slugs: string[]) =>
    lookAtLeftBehind(redis, slugs, async (event) => {
      if (event.facts.channel === slug) raised.push(event);
    });
  await look();
  expect(raised).toEqual([]);
  await anHourAgo(access);
  for (let time = 0; time < 3; time += 1) await look();
  expect(raised).toMatchObject([{ type: 'koogallery.left_behind', facts: { channel: slug, due: 1 } }]);
  for (const language of ['en', 'zh'] as const)
    expect(textOf(raised[0] as AlertEvent, language).lines.join()).toContain(`forget ${slug}`);
  await look(slug);
  await look();
  expect(raised).toHaveLength(2);
});

it('can still be seen, and be forgotten', async () => {
  const { slug } = await leaveBehind();
  const world = await createWorld();
  const seen = await runCommand(world, ['koogallery', 'instances', slug, '--json']);
  expect(JSON.parse(seen.stdout)).toMatchObject({ channel: slug, id: 'i', state: 'opening' });
  const retried = await runCommand(world, ['koogallery', 'retry', slug, 'i']);
  expect(retried.stderr).toContain(`There is no channel ${slug}`);
  expect((await runCommand(world, ['koogallery', 'forget', slug])).stderr).toContain('is told');
  expect((await runCommand(world, ['koogallery', 'forget', slug])).stderr).toContain('There is no channel');
  expect((await runCommand(world, ['koogallery', 'instances', slug])).stderr).toContain(
    'There is no channel',
  );
});
