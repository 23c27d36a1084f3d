/** What a usage pusher begins its writes with. */
import { onTestFinished } from 'vitest';
import { channelKeys } from '../../src/koogallery/keys.ts';
import type { ChannelAccess } from '../../src/koogallery/registry/scripts.ts';
import { Durable, type DurableOptions } from '../../src/redis/durable.ts';

export function beginOf(
  { redis, slug }: ChannelAccess,
  durability: 'durable' | 'relaxed' = 'relaxed',
  options: DurableOptions = {},
) {
  const durable = new Durable(redis, options);
  onTestFinished(() => durable.close());
  return () => durable.begin(channelKeys(slug).durable, durability);
}
