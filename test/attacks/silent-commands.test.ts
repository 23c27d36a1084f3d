/** Commands and pages whose connection to Redis goes silent without closing, while new ones work. */
import { expect, inject, it } from 'vitest';
import { makeCustomers, writeInput } from '../support/customers.ts';
import { importRows, runProgram, startProgram } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { createWorld } from '../support/world.ts';

const ROWS = 30;

it('an import continues, and enqueues every row once', async () => {
  const proxy = await startTcpProxy(inject('redisUrl'));
  const world = await createWorld();
  const input = await writeInput(world, makeCustomers(ROWS));
  // The rows arrive in the ledger, but the confirmation is lost.
  const silenced = proxy.hears('"line":', () => proxy.silence());
  const parameters = ['import', input, '--agreements', world.agreements];
  const { code, stdout } = await runProgram(world, parameters, { REDIS_URL: proxy.url });
  await silenced;
  expect(code).toBe(0);
  const { counts } = await world.open.ledger.requireBatch(stdout.trim());
  expect(counts.pending).toBe(ROWS);
  expect(await rowsOf(world, stdout.trim())).toHaveLength(ROWS);
  expect(await world.open.queues.upload.getJobCounts('prioritized')).toEqual({ prioritized: ROWS });
});

it('the status is still shown', async () => {
  const proxy = await startTcpProxy(inject('redisUrl'));
  const world = await createWorld();
  const batchId = await importRows(world, makeCustomers(2));
  const silenced = proxy.hears(batchId, () => proxy.silence());
  const { code, stdout } = await runProgram(world, ['status', batchId], { REDIS_URL: proxy.url });
  await silenced;
  expect([code, stdout]).toEqual([0, expect.stringContaining(batchId)]);
});

it('the readiness check fails soon, and recovers by itself', async () => {
  const proxy = await startTcpProxy(inject('redisUrl'));
  const world = await createWorld();
  const server = startProgram(world, ['serve'], { HTTP_PORT: '0', REDIS_URL: proxy.url });
  await server.says('http', 'stdout');
  const health = async () => (await fetch(new URL('/readyz', server.output.stdout.trim()))).status;
  expect(await health()).toBe(200);
  proxy.silence();
  expect(await health()).toBe(503);
  await expect.poll(health).toBe(200);
});
