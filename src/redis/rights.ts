/** What the user of REDIS_URL needs: the commands of our code and its scripts, and those of BullMQ that are reached. Pure. */

/** By what they are for, as ACL rules name them. */
export const RIGHTS = {
  /** Without one of these, something fails. */
  work: [
    ...['bitpos', 'bzpopmin', 'del', 'eval', 'evalsha', 'exec', 'exists', 'get', 'getrange', 'hdel'],
    ...[
      'hexists',
      'hget',
      'hgetall',
      'hincrby',
      'hkeys',
      'hlen',
      'hmget',
      'hmset',
      'hscan',
      'hset',
      'hsetnx',
      'hvals',
      'incr',
    ],
    ...['lindex', 'llen', 'lpos', 'lpush', 'lrange', 'lrem', 'ltrim', 'multi', 'persist', 'pexpire'],
    ...['ping', 'pttl', 'rename', 'rpop', 'rpoplpush', 'rpush', 'sadd', 'scard', 'set', 'setbit', 'smembers'],
    ...['srem', 'time', 'unlink', 'xadd', 'xrange', 'xread', 'xrevrange', 'xtrim', 'zadd'],
    ...['zcard', 'zcount', 'zmscore', 'zpopmin', 'zrange', 'zrangebyscore', 'zrank', 'zrem'],
    ...['zremrangebyrank', 'zremrangebyscore', 'zrevrange', 'zrevrangebyscore', 'zscore'],
  ],
  /** What is confirmed is known to be durable. */
  durability: ['info', 'client|id', 'wait', 'waitaof'],
  /** What `doctor` tells, and whether workers run that nothing else tells of. */
  telling: ['config|get', 'client|list', 'client|setname'],
  /** Of a database other than 0. */
  database: ['select'],
  cluster: ['asking', 'cluster|info', 'cluster|slots', 'readonly'],
  /** Called only for channels of KooGallery. */
  koogallery: ['lpop', 'srandmember', 'zrangebylex'],
} as const;
type RightGroup = keyof typeof RIGHTS;

/** Patterns of keys: of real accounts, of rehearsals, and of the list of channels, which workers read even if it is empty. */
const KEY_PATTERNS = ['~{onboard*', '~{rehearsal*', '~{koogallery}*'];
/** Those of the channels themselves. */
const CHANNEL_PATTERN = '~{koogallery:*';

/** @returns the rule of a user with exactly these rights, without name and password: `on ~… resetchannels -@all +…` */
export function aclRule(groups: readonly RightGroup[], without: readonly string[] = []): string {
  const commands = groups.flatMap((group): readonly string[] => RIGHTS[group]);
  const allowed = commands.filter((command) => !without.includes(command)).sort();
  const keys = [...KEY_PATTERNS, ...(groups.includes('koogallery') ? [CHANNEL_PATTERN] : [])];
  return ['on', ...keys, 'resetchannels', '-@all', ...allowed.map((name) => `+${name}`)].join(' ');
}
