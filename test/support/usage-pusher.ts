/**
 * A process that reports the usage of a channel, in a hurry: `usage-pusher.ts REDIS_URL SLUG ORIGIN`. The usual times are
 * longer than a test waits.
 */
import { createLogger } from '../../src/logger.ts';
import { Durable } from '../../src/redis/durable.ts';
import { openRedis } from '../../src/redis/open.ts';
import { UsagePusher } from '../../workers/koogallery/usage-pusher.ts';
import { wayTo } from './seller.ts';

const [url = '', slug = '', origin = ''] = process.argv.slice(2);
const redis = await openRedis({ url }, { waitsForever: true });
redis.on('error', () => undefined);
const pusher = new UsagePusher({
  access: { redis, slug },
  durable: new Durable(redis),
  durability: 'relaxed',
  way: wayTo(origin, { withinMs: 300 }),
  logger: createLogger('silent'),
  timing: { everyMs: 20, troubleMsMax: 100, holdMs: 1_500 },
});
pusher.start();
process.once('SIGTERM', () => void pusher.stop().then(() => redis.disconnect()));
process.stdout.write('ready\n');
