/** What every command has in common, and those that only show. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { ONBOARD } from '../../scripts/ensure-built.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startProgram } from '../support/programs.ts';
import { createWorld } from '../support/world.ts';

it('shows counts, pace and the unfinished rows of an active batch', async () => {
  const world = await createWorld();
  const batchId = await importRows(world, makeCustomers(2));
  const status = await runProgram(world, ['status', batchId]);
  expect(status.stdout).toMatch(/^no worker +has ever run for this account\n[\s\S]*pending +2/);
  const json = await runProgram(world, ['status', batchId, '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({
    id: batchId,
    total: 2,
    account: { pace: [{ step: 'upload' }, { step: 'submit' }] },
    heldBy: [{ reason: 'noWorker', hint: 'Start a worker: `onboard worker`.' }],
    workers: [],
  });
  const all = await runProgram(world, ['status']);
  expect(all.stdout).toContain(batchId);
  const results = await runProgram(world, ['results', batchId, '--unprocessed']);
  expect(parse(results.stdout, { bom: true })).toHaveLength(3);
});

it('can be run by its name after every build: npm makes it executable only when it links it for the first time', () => {
  accessSync(ONBOARD, constants.X_OK);
});

it.each([
  [['import', 'x.csv'], 2, '--agreements'],
  [['imprt'], 2, 'Did you mean import'],
  [['status', 'nothing'], 2, 'There is no batch nothing'],
  [['import', 'nowhere.csv', '--agreements', '.'], 3, 'nowhere.csv: no such file'],
  [['import', 'x.csv', '--agreements', '.', '--account', 'who'], 2, 'There is no account "who"'],
  [['worker', '--concurrency', '0'], 2, 'whole number from 1 to 200'],
])('answers onboard %j with exit code %i and says why', async (parameters, expected, text) => {
  const world = await createWorld();
  const { code, stderr } = await runProgram(world, parameters);
  expect(stderr).toContain(text);
  expect(code).toBe(expected);
});

it('exits with 2 at a configuration with mistakes and names them', async () => {
  const world = await createWorld();
  const { code, stderr } = await runProgram(world, ['status'], { HTTP_PORT: 'x', LOG_LEVEL: 'loud' });
  expect(code).toBe(2);
  expect(stderr).toMatch(/LOG_LEVEL.*HTTP_PORT|HTTP_PORT.*LOG_LEVEL/);
});

it('exits with 2 without a Redis and says where it was looked for', async () => {
  const world = await createWorld();
  const { code, stderr } = await runProgram(world, ['status'], { REDIS_URL: 'redis://127.0.0.1:1' });
  expect(code).toBe(2);
  expect(stderr).toContain('REDIS_URL');
});

it.each(['template', 'completion bash', '--help'])(
  'onboard %s ends quietly when nobody reads it',
  (words) => {
    const line = `{ "${process.execPath}" "${ONBOARD}" ${words}; echo "exit $?" >&2; } | true`;
    const { stderr } = spawnSync('bash', ['--norc', '-c', line], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    });
    expect(stderr).toBe('exit 141\n');
  },
);

it('says that an output cannot be written', () => {
  const line = `"${process.execPath}" "${ONBOARD}" template > /dev/full; echo "exit $?" >&2`;
  const { stderr } = spawnSync('bash', ['--norc', '-c', line], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  expect(stderr).toMatch(/^onboard: Standard output cannot be written: the disk is full.\n.*\nexit 2\n$/);
});

it('serves the simulator to other processes and prints its numbers at the end', async () => {
  const world = await createWorld();
  const simulator = startProgram(world, [
    'simulate',
    '--port',
    '0',
    '--fault',
    '{"operation":"put","kind":"dropAfter","times":1}',
    '--sts-key',
    'STS.caller:secret:token',
  ]);
  // The last of the variables: with it the program has said everything and listens to signals.
  await simulator.says('ALIBABA_CLOUD_ACCESS_KEY_SECRET=', 'stdout');
  const endpoint = /CHATAPP_ENDPOINT=(\S+)/.exec(simulator.output.stdout)?.[1] ?? '';
  const summary = (await (await fetch(`${endpoint}/simulator/summary`)).json()) as object;
  expect(summary).toMatchObject({ acceptedCustomers: 0, badSignatures: 0 });
  const ofRole = { method: 'PUT', body: '{"rate":3,"accessKeyId":"STS.caller"}' };
  expect((await fetch(`${endpoint}/simulator/rate`, ofRole)).status).toBe(200);
  const unsigned = { 'x-acs-action': 'SubmitIsvCustomerTerms' };
  await fetch(`${endpoint}/?CustSpaceId=C1`, { method: 'POST', headers: unsigned });
  expect(await (await fetch(`${endpoint}/simulator/arrivals`)).json()).toMatchObject([
    { operation: 'submit', subject: 'C1', answer: 'MissingAuthorization', at: expect.any(Number) },
  ]);
  simulator.signal('SIGINT');
  expect((await simulator.ended).code).toBe(0);
  expect(simulator.output.stderr).toContain('"badSignatures": 1');
});
