/** Fifty accounts, twenty customers each, one worker process: each keeps its own five per second. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mostInOneSecond } from '../../src/sandbox/simulator/rolling-window.ts';
import { renderTable } from '../../src/text.ts';
import { memoryMiB, onboard, startWorker, succeed } from './processes.ts';
import { openStage, writeCustomers } from './stage.ts';

const CUSTOMERS = 20;

export async function benchAccounts(redisUrl: string): Promise<string> {
  const rows = [];
  for (const accounts of [1, 50]) rows.push(await measure(redisUrl, accounts));
  return renderTable([
    [
      'accounts',
      'customers',
      'seconds',
      'most in 1 s of one account',
      'throttled',
      'accepted twice',
      'memory (MiB)',
    ],
    ...rows,
  ]);
}

async function measure(redisUrl: string, count: number): Promise<string[]> {
  // Both measurements share a Redis, where no two accounts may have the same key.
  const keys = Array.from({ length: count }, (_, index) => ({
    accessKeyId: `LTAI${count}N${index}`,
    accessKeySecret: `secret-of-${index}`,
  }));
  const stage = await openStage(redisUrl, { latencyMs: 40, accounts: keys });
  const environment = { ...stage.environment };
  const accounts = keys.map(({ accessKeyId, accessKeySecret }, index) => {
    environment[`ID_${index}`] = accessKeyId;
    environment[`SECRET_${index}`] = accessKeySecret;
    return {
      name: `${stage.account}-${index}`,
      credentials: { type: 'env', accessKeyId: `ID_${index}`, accessKeySecret: `SECRET_${index}` },
    };
  });
  await writeFile(join(stage.folder, 'accounts.json'), JSON.stringify(accounts));
  const file = await writeCustomers(stage.folder, CUSTOMERS);
  for (const { name } of accounts) {
    const parameters = ['import', file, '--agreements', join(stage.folder, 'agreements'), '--account', name];
    await succeed(onboard(parameters, environment));
  }
  const { record } = stage.simulator.state;
  const worker = await startWorker(environment);
  while (record.accepted.length < count * CUSTOMERS) await sleep(50);
  const memory = memoryMiB(worker);
  await worker.stop();
  const first = Math.min(...record.arrivals.map(({ at }) => at));
  const last = Math.max(...record.arrivals.map(({ at }) => at));
  const { submit, authorize, acceptedTwice } = record.summary();
  const most = keys.flatMap(({ accessKeyId }) =>
    (['authorize', 'submit'] as const).map((operation) =>
      mostInOneSecond(
        record.arrivals
          .filter((arrival) => arrival.operation === operation && arrival.accessKeyId === accessKeyId)
          .map(({ at }) => at),
      ),
    ),
  );
  await stage.close();
  const pairs = new Set(
    record.arrivals
      .filter(({ isDone, operation }) => isDone && operation === 'submit')
      .map(({ accessKeyId, subject }) => `${accessKeyId} ${subject}`),
  );
  const twice = count === 1 ? acceptedTwice : record.accepted.length - pairs.size;
  return [
    count,
    count * CUSTOMERS,
    ((last - first) / 1000).toFixed(1),
    Math.max(...most),
    authorize.throttled + submit.throttled,
    twice,
    memory.toFixed(0),
  ].map(String);
}
