/**
 * Customers sign up one by one while a batch runs, and the server and Redis are killed in between. Longer, and with more
 * clients: `SIGN_UPS_SECONDS=60 SIGN_UPS_CLIENTS=200 npm run test:long -- sign-ups`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, inject, it } from 'vitest';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, startProgram, startWorkerProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';
import { percentile, type SignUp, signUp } from '../support/sign-ups.ts';
import { waitForPeer } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

const SECONDS = Number(process.env.SIGN_UPS_SECONDS ?? 15);
const CLIENTS = Number(process.env.SIGN_UPS_CLIENTS ?? 20);
const RATE = 10;
/** Of the pace before: this machine may have other things to do. */
const PACE_SHARE_MIN = 0.5;
const THROTTLED_SHARE_MAX = 0.05;

async function serve(world: World) {
  const program = startProgram(world, ['serve']);
  await expect.poll(() => program.output.stdout, { timeout: 30_000 }).toMatch(/^http:/);
  return program;
}

it.skipIf(!inject('hasRedisServer'))(
  'acknowledges nothing that is lost or done twice, and leaves the pace alone',
  async () => {
    const { url, server: redis } = await startSingleRedis();
    const port = await freePort();
    const environment = { HTTP_PORT: String(port), ONBOARD_DURABILITY: 'durable' };
    const world = await createWorld({ redisUrl: url, environment, rate: RATE, ourRate: RATE });
    await importRows(world, makeCustomers(RATE * (SECONDS + 60), { IsvTerms: 'agreement-1.pdf' }));
    await startWorkerProgram(world);
    const server = await serve(world);
    const { record } = world.simulator.state;
    const measure = () => {
      const [began, before] = [performance.now(), record.count('submit')];
      return () => (1_000 * (record.count('submit') - before)) / (performance.now() - began);
    };
    await waitForPeer(world, ({ accepted }) => accepted.length >= RATE);
    const alone = measure();
    await waitForPeer(world, ({ accepted }) => accepted.length >= 5 * RATE);
    const perSecond = { alone: alone(), beside: 0 };

    const signingUp = signUp({ address: `http://127.0.0.1:${port}`, clients: CLIENTS, seconds: SECONDS });
    const beside = measure();
    await pause((SECONDS * 1_000) / 3);
    await server.kill();
    await serve(world);
    await pause((SECONDS * 1_000) / 3);
    perSecond.beside = beside();
    await redis.kill();
    redis.restart();
    const done = await signingUp;

    const { submit, acceptedTwice } = record.summary();
    report(done, { ...perSecond, throttled: submit.throttled });
    await expectAllThere(world, done);
    expect(acceptedTwice).toBe(0);
    // The simulator shares a process with all of the clients: what it sees late, it sees too close together.
    expect(submit.throttled).toBeLessThan(THROTTLED_SHARE_MAX * submit.calls);
    expect(perSecond.beside).toBeGreaterThan(PACE_SHARE_MIN * perSecond.alone);
  },
);

/** Each has the one row that it was told, and no other. */
async function expectAllThere({ open: { ledger } }: World, done: readonly SignUp[]): Promise<void> {
  expect(done.length).toBeGreaterThan(CLIENTS);
  for (const { custSpaceId, batch, row } of done) {
    const { rows } = await ledger.readCustomer(custSpaceId);
    expect(rows).toEqual([{ batchId: batch, row }]);
    expect((await ledger.readRow(batch, row))?.record.custSpaceId).toBe(custSpaceId);
  }
  const streams = new Set(done.map(({ batch }) => batch));
  const totals = await Promise.all([...streams].map(async (id) => (await ledger.requireBatch(id)).total));
  expect(totals.reduce((sum, total) => sum + total, 0)).toBe(done.length);
}

function report(
  done: readonly SignUp[],
  submits: { alone: number; beside: number; throttled: number },
): void {
  const smooth = done.filter(({ tries }) => tries === 1).map(({ ms }) => ms);
  const all = done.map(({ ms }) => ms);
  const figures = {
    customers: done.length,
    perSecond: (done.length / SECONDS).toFixed(1),
    repeated: done.length - smooth.length,
    p50: Math.round(percentile(smooth, 0.5)),
    p99: Math.round(percentile(smooth, 0.99)),
    p99WithRepeats: Math.round(percentile(all, 0.99)),
    submitsPerSecond: `${submits.beside.toFixed(2)}, without them ${submits.alone.toFixed(2)}`,
    throttled: submits.throttled,
  };
  process.stdout.write(`sign-ups (ms): ${JSON.stringify(figures)}\n`);
}
