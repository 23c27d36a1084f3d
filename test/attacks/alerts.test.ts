/** Alerts of real processes, with the usual times: who is gone, and what is away, is told by who is left. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { createWorldApart } from '../support/alerts.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startProgram, startWorkerProgram } from '../support/programs.ts';
import { type ReceiverServer, startReceiver } from '../support/receiver.ts';
import { waitForPeer } from '../support/waiting.ts';
import type { World } from '../support/world.ts';

/** Longer than anything takes to be told, in milliseconds: heartbeats, a lease, and the time that it has to last. */
const WITHIN_MS = 180_000;

async function environmentOf(world: World, { origin }: ReceiverServer): Promise<Record<string, string>> {
  const file = join(world.folder, 'alerts.json');
  await writeFile(file, JSON.stringify([{ type: 'webhook', name: 'ops', url: { env: 'OPS_URL' } }]));
  return { ONBOARD_ALERTS: file, OPS_URL: `${origin}/hook`, HTTP_PORT: '0' };
}

const typesOf = (receiver: ReceiverServer) => receiver.told().map(({ type }) => type);

it('three workers and `serve`: a refused account is told once, and so is the end of the batch', async () => {
  const world = await createWorldApart();
  const receiver = await startReceiver();
  const environment = await environmentOf(world, receiver);
  const serving = startProgram(world, ['serve'], environment);
  await serving.says('http://127.0.0.1', 'stdout');
  for (let index = 0; index < 3; index += 1) await startWorkerProgram(world, environment);
  const batchId = await importRows(world, makeCustomers(5));
  await receiver.gets('batch.finished', WITHIN_MS);
  await world.open.breaker.open(new AppError('PEER_REFUSED', 'Refused.', { class: 'account' }));
  await receiver.gets('breaker.opened', WITHIN_MS);
  await world.open.breaker.close();
  await receiver.gets('breaker.closed', WITHIN_MS);
  expect(typesOf(receiver)).toEqual(['batch.finished', 'breaker.opened', 'breaker.closed']);
  expect(receiver.told()[0]?.facts).toMatchObject({ batch: batchId, submitted: 5, failed: 0, total: 5 });
  for (const { body } of receiver.received) expect(body).not.toMatch(/Customer|@|Street/);
});

it('the only worker is killed: `serve` says that rows wait and nobody works; then Redis goes, and it says that too', async () => {
  const world = await createWorldApart();
  const receiver = await startReceiver();
  const environment = await environmentOf(world, receiver);
  const serving = startProgram(world, ['serve'], environment);
  await serving.says('http://127.0.0.1', 'stdout');
  const worker = await startWorkerProgram(world, environment);
  await importRows(world, makeCustomers(200));
  await waitForPeer(world, (record) => record.accepted.length >= 2);
  await worker.kill();
  await receiver.gets('workers.absent', WITHIN_MS);
  await world.stopRedis();
  await receiver.gets('redis.unreachable', WITHIN_MS);
  expect(typesOf(receiver)).toEqual(['workers.absent', 'redis.unreachable']);
});

it('`alert test` says what each receiver answers, and ends with 5 if one does not take it', async () => {
  const world = await createWorldApart();
  const receiver = await startReceiver();
  const environment = await environmentOf(world, receiver);
  const good = await runProgram(world, ['alert', 'test'], environment);
  expect(good).toMatchObject({ code: 0, stdout: 'ok  ops  webhook  HTTP 200\n' });
  const gone = { ...environment, OPS_URL: 'http://127.0.0.1:1/hidden-token' };
  const bad = await runProgram(world, ['alert', 'test', '--channel', 'ops', '--json'], gone);
  expect(bad.code).toBe(5);
  expect(JSON.parse(bad.stdout)).toEqual({ name: 'ops', type: 'webhook', isOk: false, text: 'ECONNREFUSED' });
  const unknown = await runProgram(world, ['alert', 'test', '--channel', 'pager'], environment);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('There is no receiver "pager"; there are: ops.');
});
