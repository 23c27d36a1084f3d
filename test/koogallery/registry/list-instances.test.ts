import { expect, it } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { listInstances } from '../../../src/koogallery/registry/list-instances.ts';
import { creation, doChange, makeChannel, wish } from '../../support/koogallery/registry.ts';

const idsOf = (instances: readonly { id: string }[]) => instances.map(({ id }) => id);

it('lists the newest first, a page at a time, each once', async () => {
  const channel = makeChannel();
  const ids = Array.from({ length: 230 }, (_, index) => `i${String(index).padStart(3, '0')}`);
  await Promise.all(ids.map((id) => doChange(channel, creation(id, { orderKey: id } as never))));
  // In one millisecond, so that only the ids tell them apart.
  const { instances } = channelKeys(channel.slug);
  await Promise.all(ids.map((id) => channel.redis.zadd(instances, 5, id)));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listInstances(channel, { limit: 60, cursor });
    seen.push(...idsOf(page.instances));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(ids.toReversed());
});

it('lists those in one state', async () => {
  const channel = makeChannel();
  for (const id of ['a', 'b', 'c']) await doChange(channel, creation(id, { orderKey: id } as never));
  await doChange(channel, wish('release', 'b'));
  expect(idsOf((await listInstances(channel, { limit: 10, state: 'released' })).instances)).toEqual(['b']);
  expect(await listInstances(makeChannel(), { limit: 10 })).toEqual({ instances: [] });
});

it('refuses a cursor that no page has named', async () => {
  await expect(listInstances(makeChannel(), { limit: 10, cursor: '!' })).rejects.toMatchObject({
    code: 'USAGE',
  });
});
