/** What a real worker tells on its port of the channels that it works for. */
import { expect, it } from 'vitest';
import { buy, makeShop } from '../support/koogallery/filled-shop.ts';
import { startWorkerProgram } from '../support/programs.ts';
import { connectTestRedis } from '../support/redis.ts';
import { createWorld } from '../support/world.ts';

it('counts its attempts at the tasks of each channel, from 0 on', async () => {
  const { shop, codes, environment } = await makeShop(connectTestRedis());
  const world = await createWorld({ environment });
  const worker = await startWorkerProgram(world, { ONBOARD_WORKER_PORT: '0' });
  const address = /"address":"([^"]+)"/.exec(worker.output.stderr)?.[1] ?? '';
  const read = async () => (await fetch(new URL('/metrics', address))).text();
  const of = (slug: string, result: string) =>
    `onboard_koogallery_attempts_total{channel="${slug}",result="${result}"}`;
  const first = await read();
  for (const { slug } of [shop, codes])
    for (const result of ['done', 'later', 'refused', 'lost'])
      expect(first).toContain(`${of(slug, result)} 0`);
  // Neither the marketplace nor the webhook of this channel answers.
  await buy(shop, 'i');
  await expect.poll(read).toMatch(/result="later"\} [1-9]/);
  expect(await read()).toContain(`${of(codes.slug, 'later')} 0`);
});
