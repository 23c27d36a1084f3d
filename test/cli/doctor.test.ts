/** Commands that look after the installation rather than after a batch. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { claimStore } from '../../src/agreement/identity.ts';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { AppError } from '../../src/errors.ts';
import { judgeDistance, judgeMemory } from '../../src/onboarding/examine-redis.ts';
import { makeCustomer, writeInput } from '../support/customers.ts';
import { runProgram } from '../support/programs.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, type World } from '../support/world.ts';

const run = async (world: World, env = {}) => {
  const { code, stdout } = await runProgram(world, ['doctor', '--json'], env);
  const findings = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { what: string; isOk: boolean; text: string; hint?: string });
  return {
    code,
    bad: findings.filter(({ isOk }) => !isOk).map(({ what }) => what.replace(/^.*: /, '')),
    findings,
  };
};

describe('doctor', () => {
  it.skipIf(!inject('isRealRedis'))('finds nothing wrong where everything is as it should be', async () => {
    expect(await run(await createWorld())).toMatchObject({ code: 0, bad: [] });
  });

  it.skipIf(!inject('isRealRedis'))(
    'notes a pause and that no worker runs, which are no faults',
    async () => {
      const world = await createWorld();
      await runProgram(world, ['pause']);
      const { code, stdout } = await runProgram(world, ['doctor']);
      expect(code).toBe(0);
      const name = world.account.name;
      expect(stdout).toContain(
        `note ${name}: no worker       has ever run for this account\n     → Start a worker`,
      );
      expect(stdout).toMatch(/note \w+: paused +by \S+ since 20\S+Z\n +→ To continue: `onboard resume`/);
      expect(world.simulator.state.record.arrivals).toEqual([]);
    },
  );
});

describe('doctor also', () => {
  it('finds that the agreement store is not that of the account', async () => {
    const world = await createWorld();
    await claimStore(
      { redis: world.redis, account: world.account.ledger },
      createDirectoryStore(world.folder),
    );
    const { code, findings } = await run(world);
    expect(code).not.toBe(0);
    expect(findings).toContainEqual(
      expect.objectContaining({
        what: `${world.account.name}: agreement store`,
        isOk: false,
        text: expect.stringContaining(`Account ${world.account.name} keeps its agreements`),
      }),
    );
  });

  it('asks the peer although the breaker is open: only so is it known whether a corrected key is right', async () => {
    const world = await createWorld();
    await world.open.breaker.open(new AppError('PEER_REFUSED', 'no', { class: 'account' }));
    const before = await world.open.breaker.read();
    const ofAccepted = async (env = {}) =>
      (await run(world, env)).findings.find(({ what }) => what.endsWith(': accepted'));
    expect(await ofAccepted({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'wrong' })).toMatchObject({
      isOk: false,
      text: expect.stringContaining('SignatureDoesNotMatch'),
    });
    expect(await ofAccepted()).toMatchObject({ isOk: true, hint: expect.stringContaining('onboard resume') });
    expect(await world.open.breaker.read()).toEqual(before);
    expect(world.simulator.state.record.count('authorize')).toBe(2);
  });

  it('tells how far away Redis is, and advises to come nearer from 50 ms on', async () => {
    const { findings } = await run(await createWorld());
    const distance = findings.find(({ what }) => what === 'Redis: round trip');
    expect(distance?.text).toMatch(/^\d+\.\d ms$/);
    expect(judgeDistance(50)).toEqual({ what: 'Redis: round trip', isOk: true, text: '50.0 ms' });
    expect(judgeDistance(51)).toMatchObject({ isOk: true, hint: expect.stringContaining('nearer') });
  });

  it('says that the memory of Redis is nearly full, before imports are refused', () => {
    expect(judgeMemory(undefined)).toEqual([]);
    expect(judgeMemory({ share: 0.89, limit: 1000 * 1024 * 1024 })).toEqual([]);
    expect(judgeMemory({ share: 0.973, limit: 1000 * 1024 * 1024 })).toEqual([
      expect.objectContaining({
        what: 'Redis: memory',
        isOk: true,
        isNote: true,
        text: '97 % of 1000 MB is used',
        hint: expect.stringContaining('maxmemory'),
      }),
    ]);
  });

  it.each<[string, object, Record<string, string>, string]>([
    ['a wrong secret', {}, { ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'wrong' }, 'accepted'],
    ['missing credentials', {}, { ALIBABA_CLOUD_ACCESS_KEY_ID: '' }, 'credentials'],
    [
      'an account without the product',
      { faults: [{ operation: 'authorize', kind: 'error', code: 'Product.Unsubscript' }] },
      {},
      'accepted',
    ],
    ['a store that cannot be written', {}, { AGREEMENT_STORE: '/dev/null/store' }, 'agreement store'],
    ['a missing Redis', {}, { REDIS_URL: 'redis://127.0.0.1:1' }, 'Redis'],
  ])('finds %s and says what to do', async (_name, options, env, what) => {
    const { code, bad, findings } = await run(await createWorld(options), env);
    expect(code).toBe(2);
    expect(bad).toContain(what);
    for (const finding of findings) if (!finding.isOk) expect(finding.hint).toBeTruthy();
  });
});

it('shows the schedule set for an account and keeps it in force for workers that start later', async () => {
  const world = await createWorld();
  expect((await runProgram(world, ['schedule', '--cron', 'nonsense'])).code).toBe(2);
  const set = await runProgram(world, ['schedule', '--cron', '0 3 * * *']);
  expect(set.stdout).toContain('0 3 * * *');
  await runWorkers(world);
  expect((await runProgram(world, ['schedule'])).stdout).toContain('0 3 * * *');
});

it('writes a template that is a valid file as it is', async () => {
  const world = await createWorld();
  const { stdout } = await runProgram(world, ['template']);
  const path = join(world.folder, 'template.csv');
  await writeFile(path, stdout);
  await writeInput(world, [makeCustomer(1, { IsvTerms: 'agreement-001.pdf' })]);
  expect((await runProgram(world, ['validate', path, '--agreements', world.agreements])).code).toBe(0);
});
