import { describe, expect, it } from 'vitest';
import { pauseAccount } from '../../src/batch/pause.ts';
import { viewAccount } from '../../src/onboarding/account-view.ts';
import { STEPS } from '../../src/redis/keys.ts';
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { makeApp, openInstallation } from '../support/pages.ts';
import { importRows, runProgram, startProgram } from '../support/programs.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld } from '../support/world.ts';

it('answers the health check with ok while Redis is there and with 503 when it is not', async () => {
  const world = await createWorld();
  const onboarding = openInstallation(world);
  const app = await makeApp(world, {}, { onboarding });
  expect((await app.inject('/healthz')).json()).toEqual({ redis: 'ok' });
  await onboarding.close();
  expect((await app.inject('/healthz')).statusCode).toBe(503);
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
    expect(await world.open.queues.upload.isPaused()).toBe(true);
    expect((await app.inject(write(name, 'obliterate'))).statusCode).toBe(403);
    expect((await app.inject(write(name, 'empty'))).statusCode).toBe(403);
    expect(await world.open.queues.upload.getPrioritizedCount()).toBe(1);
  });

  it('lets an account go on whose queues a board that may write resumes', async () => {
    const world = await createWorld();
    await pauseAccount(world.open, { by: 'test' });
    const app = await makeApp(world, { ONBOARD_BOARD_WRITE: 'true' });
    for (const step of STEPS)
      expect((await app.inject(write(`${step}s.rehearsal.${world.account.name}`, 'resume'))).statusCode).toBe(
        200,
      );
    await expect.poll(() => viewAccount(world.open)).toMatchObject({ isPaused: false, pause: undefined });
  });
});

describe('metrics', () => {
  it('tells calls, pace, jobs, rows and breaker, the same at every scrape', async () => {
    const world = await createWorld({
      faults: [{ operation: 'submit', kind: 'error', code: 'Throttling.User', times: 1 }],
    });
    await runWorkers(world);
    await waitUntilFinished(world, await importRows(world, makeCustomers(2)));
    await world.open.queues.upload.pause();
    await importRows(world, [makeCustomer(3)]);
    const app = await makeApp(world);
    const [first, second] = await Promise.all([app.inject('/metrics'), app.inject('/metrics')]);
    const account = `account="${world.account.name}"`;
    const numberOf = (series: string) =>
      Number(
        first.body
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.split(' ')[1],
      );
    // A grant that came too late is asked for again, so there may be more.
    expect(numberOf(`onboard_calls_granted_total{${account},step="upload"}`)).toBeGreaterThanOrEqual(2);
    expect(numberOf(`onboard_calls_granted_total{${account},step="submit"}`)).toBeGreaterThanOrEqual(3);
    expect(numberOf(`onboard_calls_throttled_total{${account},step="submit"}`)).toBe(1);
    expect(numberOf(`onboard_pace_interval_seconds{${account},step="submit"}`)).toBeGreaterThan(0.2);
    expect(numberOf(`onboard_breaker_open{${account}}`)).toBe(0);
    expect(numberOf(`onboard_outage_open{${account}}`)).toBe(0);
    expect(numberOf(`onboard_workers{${account}}`)).toBe(1);
    expect(numberOf(`onboard_held{${account},reason="accountPaused"}`)).toBe(1);
    expect(numberOf(`onboard_held{${account},reason="noWorker"}`)).toBe(0);
    expect(numberOf(`onboard_jobs{${account},queue="upload",state="prioritized"}`)).toBe(1);
    expect(numberOf(`onboard_rows{${account},outcome="pending"}`)).toBe(1);
    expect(second.body).toBe(first.body);
    expect(first.headers['content-type']).toContain('text/plain');
  });
});

it('prints its address, stops on SIGTERM, and names a port that is taken', async () => {
  const world = await createWorld({ environment: { HTTP_PORT: '0' } });
  const program = startProgram(world, ['serve']);
  await expect.poll(() => program.output.stdout, { timeout: 20_000 }).toMatch(/^http:.*\/queues\n$/);
  const address = new URL(program.output.stdout.trim());
  expect((await fetch(new URL('/healthz', address))).status).toBe(200);
  const second = await runProgram(world, ['serve'], { HTTP_PORT: address.port });
  expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('HTTP_PORT')]);
  program.signal('SIGTERM');
  expect(await program.ended).toEqual({ code: 0, signal: null });
});
