import { describe, expect, it } from 'vitest';
import { pauseAccount } from '../../src/batch/pause.ts';
import { startServer } from '../../src/http/listen.ts';
import { createLogger } from '../../src/logger.ts';
import { viewAccount } from '../../src/onboarding/account-view.ts';
import { STEPS } from '../../src/redis/keys.ts';
import { makeCustomer } from '../support/customers.ts';
import { makeApp, openInstallation } from '../support/pages.ts';
import { importRows, runProgram, startProgram } from '../support/programs.ts';
import { createWorld } from '../support/world.ts';

const logger = createLogger('silent');

it('is alive whatever happens, and ready only while Redis is there', async () => {
  const world = await createWorld();
  const onboarding = openInstallation(world);
  const app = await makeApp(world, {}, { onboarding });
  const ask = async (path: string) => {
    const { statusCode, body } = await app.inject(path);
    return [statusCode, JSON.parse(body)];
  };
  expect(await ask('/readyz')).toEqual([200, { redis: 'ok' }]);
  await onboarding.close();
  expect(await ask('/readyz')).toEqual([503, { redis: 'unreachable' }]);
  expect(await ask('/healthz')).toEqual([200, { status: 'ok' }]);
});

describe('board', () => {
  const write = (name: string, action: string) => ({
    method: 'PUT' as const,
    url: `/queues/api/queues/${name}/${action}`,
  });

  it('lists both queues of the account and no personal data of a job', async () => {
    const world = await createWorld();
    await importRows(world, [makeCustomer(1)]);
    const app = await makeApp(world);
    const name = `uploads.rehearsal.${world.account.name}`;
    const response = await app.inject(`/queues/api/queues?activeQueue=${name}&status=prioritized&page=1`);
    const names = (response.json() as { queues: { name: string }[] }).queues.map((queue) => queue.name);
    expect(names).toEqual([name, `submits.rehearsal.${world.account.name}`]);
    expect(response.body).toContain('C100001');
    expect(response.body).not.toMatch(/customer\.example|Main St|示例公司/);
  });

  it.each(['pause', 'empty', 'obliterate', 'rate-limit'])(
    'refuses to %s on a read-only board',
    async (action) => {
      const world = await createWorld();
      const app = await makeApp(world);
      const { statusCode } = await app.inject(write(`uploads.rehearsal.${world.account.name}`, action));
      expect([403, 405]).toContain(statusCode);
      expect(await world.open.queues.upload.isPaused()).toBe(false);
    },
  );

  it('pauses on a board that may write and still refuses what would go around the ledger', async () => {
    const world = await createWorld();
    await importRows(world, [makeCustomer(1)]);
    const app = await makeApp(world, { ONBOARD_BOARD_WRITE: 'true' });
    const name = `uploads.rehearsal.${world.account.name}`;
    expect((await app.inject(write(name, 'pause'))).statusCode).toBe(200);
    expect(await viewAccount(world.open)).toMatchObject({ isPaused: true, pause: { by: 'local' } });
    for (const step of STEPS) expect(await world.open.queues[step].isPaused()).toBe(true);
    expect((await app.inject(write('nobody', 'pause'))).statusCode).toBe(403);
    expect((await app.inject(write(name, 'obliterate'))).statusCode).toBe(403);
    expect((await app.inject(write(name, 'empty'))).statusCode).toBe(403);
    expect(await world.open.queues.upload.getPrioritizedCount()).toBe(1);
  });

  it('lets an account go on whose queues a board that may write resumes', async () => {
    const world = await createWorld();
    await pauseAccount(world.open, { by: 'test' });
    const app = await makeApp(world, { ONBOARD_BOARD_WRITE: 'true' });
    const url = '/queues/api/queues/resume';
    expect((await app.inject({ method: 'PUT', url })).statusCode).toBe(200);
    expect(await viewAccount(world.open)).toMatchObject({ isPaused: false, pause: undefined });
  });

  it('says that an account is held until somebody recovers it, instead of resuming it', async () => {
    const world = await createWorld();
    await world.open.pause.hold('worker', 1);
    const app = await makeApp(world, { ONBOARD_BOARD_WRITE: 'true' });
    const { statusCode, json } = await app.inject(write(`submits.rehearsal.${world.account.name}`, 'resume'));
    expect([statusCode, json().code]).toEqual([409, 'LEDGER_WENT_BACK']);
    expect(await viewAccount(world.open)).toMatchObject({ isPaused: true });
  });
});

it('does not start without a password on an address that others can reach', async () => {
  const world = await createWorld();
  const onboarding = openInstallation(world, { HTTP_HOST: '0.0.0.0' });
  await expect(startServer({ onboarding, logger })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  });
});

it('prints its address, stops on SIGTERM, and names a port that is taken', async () => {
  const world = await createWorld({ environment: { HTTP_PORT: '0' } });
  const program = startProgram(world, ['serve']);
  await expect.poll(() => program.output.stdout).toMatch(/^http:.*:\d+\/\n$/);
  const address = new URL(program.output.stdout.trim());
  expect((await fetch(new URL('/healthz', address))).status).toBe(200);
  const second = await runProgram(world, ['serve'], { HTTP_PORT: address.port });
  expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('HTTP_PORT')]);
  program.signal('SIGTERM');
  expect(await program.ended).toEqual({ code: 0, signal: null });
});
