/** What the API and the metrics tell of the instances of a channel. */
import { expect, it } from 'vitest';
import { runCommand } from '../support/command.ts';
import { makeChannelsFile } from '../support/koogallery/channels-file.ts';
import { makeOpenChannel } from '../support/koogallery/marketplace.ts';
import { creation, doChange, refresh, wish } from '../support/koogallery/registry.ts';
import { answerJson, startWebhook, workOf } from '../support/koogallery/webhook.ts';
import { makeApp } from '../support/pages.ts';
import { uniqueName } from '../support/redis.ts';
import { createWorld } from '../support/world.ts';

const SEALED = 'sealed1.AAAA';

/** A channel with three instances: one is done, one is frozen, and the create of the newest was refused. */
async function createShop() {
  const world = await createWorld();
  const channel = makeOpenChannel({ slug: uniqueName() });
  const more = await makeChannelsFile(channel);
  const access = { redis: world.redis, slug: channel.slug };
  const webhook = await startWebhook((call, response) =>
    answerJson(call.key === 'c:1' ? 409 : 200, { reason: 'no plan' })(call, response),
  );
  const work = workOf(access, {
    channel: { ...channel, provision: { kind: 'webhook', url: webhook.url, secret: 's' } },
  });
  const buyer = JSON.stringify({ customerId: 'u1', mobilePhone: SEALED });
  for (const id of ['a', 'b', 'c']) {
    await doChange(access, creation(id, { orderKey: id, set: { orderId: `o-${id}`, buyer } } as never), {
      fields: { email: 'nobody may see this' },
      call: { activity: 'newInstance', line: { orderId: `o-${id}` } },
    });
    if (id === 'b') await doChange(access, wish('freeze', id), { call: { activity: 'expireInstance' } });
    // It must not be opened to be done.
    await world.redis.hdel(`{koogallery:${channel.slug}}:instance:${id}`, 'buyer');
    await work.workOn(id);
    await world.redis.hset(`{koogallery:${channel.slug}}:instance:${id}`, 'buyer', buyer);
  }
  await doChange(access, refresh('nobody', 1), { call: { activity: 'refreshInstance' } });
  return {
    world: { ...world, environment: { ...world.environment, ...more } },
    more,
    slug: channel.slug,
    work,
  };
}

it('lists instances in pages, and tells the story of one', async () => {
  const { world, more, slug } = await createShop();
  const app = await makeApp(world, more);
  const get = async (path: string) => {
    const { statusCode, body } = await app.inject(`/v1/koogallery/instances${path}`);
    return { statusCode, body, json: JSON.parse(body) };
  };
  const first = await get(`?channel=${slug}&limit=2`);
  expect(first.json.instances).toMatchObject([
    { channel: slug, id: 'c', state: 'failed', refusal: 'no plan', orderId: 'o-c' },
    { id: 'b', state: 'frozen', buyer: { customerId: 'u1' }, version: 2, settled: 2 },
  ]);
  const second = await get(`?channel=${slug}&limit=2&cursor=${first.json.next}`);
  expect(second.json).toMatchObject({ instances: [{ id: 'a', state: 'active' }] });
  expect(first.json.instances[0].refused).toBe(1);
  const refused = await get(`?channel=${slug}&refused=true`);
  expect(refused.json).toMatchObject({ instances: [{ id: 'c', refused: 1 }], next: null });
  expect((await get(`?channel=${slug}&state=frozen`)).json.instances).toMatchObject([{ id: 'b' }]);
  const story = await get(`/b?channel=${slug}`);
  expect(story.json.tasks).toMatchObject([
    { version: 1, type: 'instance.create', state: 'done', attempts: 1 },
    { version: 2, type: 'instance.freeze', state: 'done' },
  ]);
  for (const { body } of [first, story]) expect(body).not.toMatch(/sealed1|nobody may see/);
  expect(await get(`/x?channel=${slug}`)).toMatchObject({
    statusCode: 404,
    json: { code: 'INSTANCE_UNKNOWN' },
  });
  expect(await get('?channel=other')).toMatchObject({ statusCode: 404, json: { code: 'CHANNEL_UNKNOWN' } });
  expect((await get('')).statusCode).toBe(400);

  const { body } = await app.inject('/metrics');
  const of = (name: string, labels = '') => `onboard_koogallery_${name}{channel="${slug}"${labels}}`;
  for (const line of [
    `${of('calls_total', ',activity="newInstance",code="000000",test="no"')} 3`,
    `${of('calls_total', ',activity="refreshInstance",code="000003",test="no"')} 1`,
    `${of('instances')} 3`,
    `${of('instances_opening')} 0`,
    `${of('tasks_refused')} 1`,
    `${of('instances_due')} 0`,
  ])
    expect(body).toContain(line);
});

it('shows the same by commands, and brings a dead letter back', async () => {
  const { world, slug, work } = await createShop();
  const onboard = (...words: string[]) => runCommand(world, ['koogallery', ...words]);
  const linesOf = ({ stdout }: { stdout: string }) =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  expect(linesOf(await onboard('instances', slug, '--json')).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  expect(linesOf(await onboard('instances', slug, '--refused', '--json'))).toMatchObject([
    { id: 'c', refused: 1 },
  ]);
  expect((await onboard('instances', slug, '--refused')).stdout).toMatch(/tasks left +refused\n.* 1\n/);
  expect((await onboard('instances', slug, '--state', 'active')).stdout).toContain('o-a');
  const { stdout } = await onboard('instance', slug, 'c');
  expect(stdout).toMatch(/instance\.create +refused .*no plan/);
  expect(stdout).not.toContain('sealed1');
  expect(linesOf(await onboard('calls', slug, '--failed', '--json'))).toMatchObject([
    { activity: 'refreshInstance', code: '000003', isTest: false },
  ]);
  expect((await onboard('calls', slug, '--activity', 'newInstance', '--limit', '2')).stderr).toContain(
    '2 calls',
  );
  expect((await onboard('retry', slug)).code).toBe(2);
  expect((await onboard('retry', slug, 'x')).stderr).toContain('There is no instance x');
  expect(linesOf(await onboard('retry', slug, '--all-refused', '--json'))).toEqual([
    { id: 'c', retried: [1], superseded: [], hastened: [] },
  ]);
  const [brought] = linesOf(await onboard('instance', slug, 'c', '--json'));
  expect(brought).toMatchObject({ state: 'opening', refused: 0 });
  // Its buyer cannot be unsealed, so it waits.
  await work.workOn('c');
  expect((await onboard('retry', slug, 'c')).stderr).toContain('1 waiting begun at once');
  expect((await onboard('licenses', 'list', slug)).stderr).toContain('0 licenses are left');
});
