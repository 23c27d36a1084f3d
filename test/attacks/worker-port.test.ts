/** The port of a real worker: what a supervisor learns there about the process, its machine and its Redis. */
import { expect, inject, it } from 'vitest';
import type { ChildProgram } from '../../src/sandbox/child-program.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { createWorld } from '../support/world.ts';

const addressOf = ({ output }: ChildProgram) => /"address":"([^"]+)"/.exec(output.stderr)?.[1] ?? '';

async function ask(worker: ChildProgram, path: string): Promise<[status: number, body: string]> {
  const answer = await fetch(new URL(path, addressOf(worker)));
  return [answer.status, await answer.text()];
}

it('is ready while it can work, alive always, and counts the calls it made', async () => {
  const proxy = await startTcpProxy(inject('redisUrl'));
  const world = await createWorld();
  const worker = await startWorkerProgram(world, { REDIS_URL: proxy.url, ONBOARD_WORKER_PORT: '0' });
  expect(addressOf(worker)).toMatch(/^http:\/\/127\.0\.0\.1:/);
  await waitUntilFinished(world, await importRows(world, makeCustomers(3)));
  expect((await ask(worker, '/readyz'))[0]).toBe(200);
  const [, metrics] = await ask(worker, '/metrics');
  const calls = `onboard_calls_total{account="${world.account.name}",operation="submit",class="ok"} 3`;
  expect(metrics).toContain(calls);

  proxy.silence();
  const [status, body] = await ask(worker, '/readyz');
  expect([status, JSON.parse(body)]).toMatchObject([503, { status: 'not ready', redis: 'unreachable' }]);
  expect(await ask(worker, '/healthz')).toEqual([200, '{"status":"ok"}']);
  await expect.poll(() => ask(worker, '/readyz').then(([code]) => code)).toBe(200);
  worker.signal('SIGTERM');
  expect(await worker.ended).toEqual({ code: 0, signal: null });
  await expect(ask(worker, '/healthz')).rejects.toThrow('fetch failed');
});

it('is not ready while its machine cannot do the work, and says which part', async () => {
  const world = await createWorld();
  // The variables that hold the key of the account are there, and empty.
  const withoutKey = { ALIBABA_CLOUD_ACCESS_KEY_ID: '', ALIBABA_CLOUD_ACCESS_KEY_SECRET: '' };
  const worker = await startWorkerProgram(world, { ONBOARD_WORKER_PORT: '127.0.0.1:0', ...withoutKey });
  await expect.poll(async () => (await ask(worker, '/readyz'))[1]).toContain('"troubles":["credentials"]');
  expect((await ask(worker, '/readyz'))[0]).toBe(503);
  expect((await ask(worker, '/metrics'))[1]).toMatch(/onboard_worker_trouble\{.*kind="credentials"\} 1/);
});

it('is refused at once where the port is taken, before any job', async () => {
  const world = await createWorld();
  const first = await startWorkerProgram(world, { ONBOARD_WORKER_PORT: '0' });
  const { port } = new URL(addressOf(first));
  const second = await runProgram(world, ['worker'], { ONBOARD_WORKER_PORT: port });
  expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('ONBOARD_WORKER_PORT')]);
});
