/** The demo beside a real installation: nothing of it reaches the Redis, the account or the files of that one. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, inject, it, onTestFinished } from 'vitest';
import { ONBOARD } from '../../scripts/ensure-built.ts';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { startRedisServer } from '../../src/sandbox/local-redis.ts';

it.runIf(inject('hasRedisServer'))(
  'leaves not one key in the Redis that REDIS_URL and .env name',
  async () => {
    const real = await startRedisServer('redis-server');
    onTestFinished(real.stop);
    const folder = await mkdtemp(join(tmpdir(), 'onboard-demo-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const settings = {
      REDIS_URL: real.url,
      ALIBABA_CLOUD_SECURITY_TOKEN: 'real',
      OSS_REGION: 'eu-central-1',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    await writeFile(join(folder, '.env'), lines.join('\n'));
    const demo = new ChildProgram([ONBOARD, 'demo'], { cwd: folder, env: { ...process.env, ...settings } });
    onTestFinished(() => demo.kill());
    expect(await demo.ended).toMatchObject({ code: 0 });
    expect(demo.output.stderr).toContain('36 customers accepted, 0 twice, 0 bad signatures');
    const redis = new Redis(real.url);
    onTestFinished(() => redis.disconnect());
    expect(await redis.dbsize()).toBe(0);
  },
);
