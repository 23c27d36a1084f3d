import { expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { explainContact, explainRedisError } from '../../src/redis/explain.ts';

const failure = (message: string, code?: string) => Object.assign(new Error(message), code && { code });

it.each([
  [
    failure("OOM command not allowed when used memory > 'maxmemory'."),
    'REDIS_FULL',
    'Redis at a:1 refuses: its memory is full, and it accepts nothing more.',
  ],
  [
    failure(
      "ERR Error running script: @user_script:3: OOM command not allowed when used memory > 'maxmemory'.",
    ),
    'REDIS_FULL',
    'memory is full',
  ],
  [failure('MISCONF Redis is configured to save RDB snapshots'), 'REDIS_REFUSED', 'write to its disk'],
  [failure('NOREPLICAS Not enough good replicas to write.'), 'REDIS_REFUSED', 'too few replicas'],
  [
    failure("NOPERM this user has no permissions to run the 'evalsha' command"),
    'REDIS_REFUSED',
    'this user may not do it',
  ],
  [
    failure('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'),
    'REDIS_UNREACHABLE',
    'Redis does not answer at a:1: no connection (ECONNREFUSED).',
  ],
  [failure('getaddrinfo ENOTFOUND redis', 'ENOTFOUND'), 'REDIS_UNREACHABLE', 'no connection (ENOTFOUND)'],
  [failure('connect ENOENT /run/redis.sock', 'ENOENT'), 'REDIS_UNREACHABLE', 'no connection (ENOENT)'],
  [failure('connect ETIMEDOUT', 'ETIMEDOUT'), 'REDIS_UNREACHABLE', 'no answer in time'],
  [failure('Socket timeout. Expecting data'), 'REDIS_UNREACHABLE', 'no answer in time'],
  [failure('Reached the max retries per request limit (which is 3).'), 'REDIS_UNREACHABLE', 'no connection.'],
  [
    Object.assign(failure('Failed to refresh slots cache.'), { lastNodeError: failure('WRONGPASS invalid') }),
    'REDIS_REFUSED',
    'wrong user or password',
  ],
  [
    failure(
      'All sentinels are unreachable. Retrying. Last error: self-signed certificate in certificate chain',
    ),
    'REDIS_REFUSED',
    'its certificate is not trusted',
  ],
  [
    Object.assign(failure('EXECABORT Transaction discarded because of previous errors.'), {
      previousErrors: [failure('OOM command not allowed')],
    }),
    'REDIS_FULL',
    'Redis at a:1 refuses: its memory is full, and it accepts nothing more.',
  ],
  [
    failure("READONLY You can't write against a read only replica."),
    'REDIS_UNREACHABLE',
    'Redis at a:1 refuses: it is a replica, and accepts nothing.',
  ],
  [
    failure("All sentinels are unreachable. Last error: ERR unknown command 'sentinel', with args"),
    'REDIS_REFUSED',
    'it is no Sentinel',
  ],
  [failure('CLUSTERDOWN The cluster is down'), 'REDIS_UNREACHABLE', 'the cluster is down'],
])('%s is %s', (error, code, message) => {
  const explained = explainContact(error, 'a:1');
  expect(explained).toMatchObject({ code, class: 'usage', message: expect.stringContaining(message) });
});

it('a command may end so too', () => {
  const reply = Object.assign(failure('OOM command not allowed'), { name: 'ReplyError' });
  expect(explainRedisError(reply, 'a:1')).toMatchObject({ code: 'REDIS_FULL' });
  expect(explainRedisError(failure('Connection is closed.'), 'a:1')).toMatchObject({
    code: 'REDIS_UNREACHABLE',
  });
});

it.each([
  new AppError('USAGE', 'ECONNREFUSED'),
  failure('ENOENT: no such file or directory', 'ENOENT'),
  Object.assign(failure('WRONGTYPE Operation against a key'), { name: 'ReplyError' }),
  new Error('a bug of ours'),
  undefined,
  'text',
])('%s is none of its errors', (error) => expect(explainRedisError(error, 'a:1')).toBeUndefined());
