/** The profiles of docker-compose.yml with three workers: what they may do, what they say of themselves, and being stopped. */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { SimulatorRecord } from '../../src/sandbox/simulator/record.ts';
import { mostInOneSecond } from '../../src/sandbox/simulator/rolling-window.ts';
import { docker, findObstacle, type Installation, prepareInstallation } from '../support/containers.ts';

const BUILD_WITHIN_MS = 400_000;
const WITHIN = { timeout: 90_000, interval: 250 };
const CUSTOMERS = 30;
const MORE = 45;
type Summary = ReturnType<SimulatorRecord['summary']>;

const why = findObstacle();
if (why) process.stderr.write(`Containers are not put to work: ${why}.\n`);

const inContainers = it.skipIf(why !== '');

let installation: Installation;
const healthsOf = async (service: string) =>
  (await installation.statesOf(service)).map(({ health }) => health);
const accepted = () => installation.simulator.state.record.accepted.map(({ custSpaceId }) => custSpaceId);
const statusOf = async (batch: string) =>
  JSON.parse(await installation.compose('exec', '-T', 'serve', 'onboard', 'status', batch, '--json'));

beforeAll(async () => {
  if (why !== '') return;
  const { status, stderr } = docker(['compose', '--profile', 'app', 'build', 'worker']);
  if (status !== 0) throw new Error(stderr);
  installation = await prepareInstallation();
  await installation.command(['user', 'add', 'somebody', '--role', 'viewer'], 'correct horse battery\n');
  await installation.compose('up', '-d', '--wait', '--scale', 'worker=3', 'worker', 'serve');
}, BUILD_WITHIN_MS);
afterAll(async () => installation?.stop());

inContainers('is healthy, with three workers', async () => {
  expect(await healthsOf('worker')).toEqual(['healthy', 'healthy', 'healthy']);
  expect(await healthsOf('serve')).toEqual(['healthy']);
});

inContainers('lets nobody write into the image, gain rights, or be root', async () => {
  for (const service of ['worker', 'serve']) {
    const look =
      'id -u; grep -E "^(CapPrm|CapBnd|NoNewPrivs)" /proc/self/status; touch /app/x /usr/x; touch /tmp/x';
    const shell = ['exec', '-T', service, 'sh', '-c', `{ ${look}; } 2>&1; echo $?`];
    const seen = (await installation.compose(...shell)).split('\n').map((line) => line.replace(/\s+/g, ' '));
    expect(seen).toEqual([
      '1000',
      'CapPrm: 0000000000000000',
      'CapBnd: 0000000000000000',
      'NoNewPrivs: 1',
      expect.stringContaining("'/app/x': Read-only file system"),
      expect.stringContaining("'/usr/x': Read-only file system"),
      '0',
      '',
    ]);
  }
});

inContainers('keeps the pace of one account with three workers, each of which works', async () => {
  const batch = await installation.import(1, CUSTOMERS);
  await expect.poll(accepted, WITHIN).toHaveLength(CUSTOMERS);
  const { record } = installation.simulator.state;
  for (const operation of ['authorize', 'submit'] as const) {
    const calls = record.arrivals.filter((arrival) => arrival.operation === operation);
    const through = calls.filter(({ answer }) => answer === 'OK').map(({ at }) => at);
    expect(mostInOneSecond(through)).toBeLessThanOrEqual(5);
    // Each refused call is made again; more than a few would mean that somebody does not know of the others.
    expect(calls.length - through.length).toBeLessThanOrEqual(CUSTOMERS / 4);
  }
  for (const index of ['1', '2', '3']) {
    const read =
      "fetch('http://127.0.0.1:9464/metrics').then(async (answer) => console.log(await answer.text()))";
    const told = await installation.compose('exec', '-T', '--index', index, 'worker', 'node', '-e', read);
    expect(told).toMatch(/onboard_calls_total\{account="default",operation="submit",class="ok"\} [1-9]/);
  }
  await expect
    .poll(async () => (await statusOf(batch)).counts, WITHIN)
    .toMatchObject({ submitted: CUSTOMERS });
});

inContainers('takes an upload', async () => {
  const key = (await installation.command(['key', 'add', 'test', '--role', 'operator'])).trim();
  const address = (await installation.compose('port', 'serve', '3000')).trim();
  const body = new FormData();
  body.append('customers', new Blob(['CustSpaceId,CustName\nC1,Somebody\n']), 'customers.csv');
  body.append('agreements', new Blob(['%PDF-1.4\n%%EOF\n']), 'agreement-1.pdf');
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`http://${address}/v1/batches?dryRun=true`, { method: 'POST', headers, body });
  // The file was kept, read, and found to lack columns.
  expect([answer.status, await answer.json()]).toMatchObject([422, { code: 'INPUT_HEADER' }]);
});

inContainers('loses nothing when workers are stopped, killed and started again', async () => {
  const first = CUSTOMERS + 1;
  const batch = await installation.import(first, CUSTOMERS + MORE);
  await expect.poll(() => accepted().length, WITHIN).toBeGreaterThan(CUSTOMERS + 10);
  await installation.compose('stop', 'worker');
  const stopped = await installation.statesOf('worker');
  expect(stopped.map(({ status, exitCode }) => ({ status, exitCode }))).toEqual(
    Array(3).fill({ status: 'exited', exitCode: 0 }),
  );
  const { counts } = await statusOf(batch);
  // What was sent is on record, so nothing was cut off.
  expect(counts.submitted).toBe(accepted().length - CUSTOMERS);
  expect(counts.submitted).toBeLessThan(MORE);
  await installation.compose('up', '-d', '--scale', 'worker=3', 'worker');
  await expect.poll(() => accepted().length, WITHIN).toBeGreaterThan(CUSTOMERS + 30);
  await installation.compose('kill', 'worker');
  await installation.compose('up', '-d', '--scale', 'worker=3', 'worker');
  await expect.poll(async () => (await statusOf(batch)).state, WITHIN).toBe('finished');
  expect((await statusOf(batch)).counts).toMatchObject({ submitted: MORE });
  const all = accepted();
  expect(new Set(all).size).toBe(CUSTOMERS + MORE);
  const doubles = all.filter((customer, index) => all.indexOf(customer) !== index);
  for (const customer of doubles)
    expect(await installation.command(['customer', customer, '--json'])).toMatch(/"ambiguous":\s*[1-9]/);
});

inContainers(
  'is unhealthy while Redis is away, without being restarted, and healthy again by itself',
  async () => {
    const before = await installation.statesOf('worker');
    await installation.compose('stop', 'redis');
    await expect.poll(() => healthsOf('worker'), WITHIN).toEqual(Array(3).fill('unhealthy'));
    await expect.poll(() => healthsOf('serve'), WITHIN).toEqual(['unhealthy']);
    await installation.compose('start', 'redis');
    await expect.poll(() => healthsOf('worker'), WITHIN).toEqual(Array(3).fill('healthy'));
    await expect.poll(() => healthsOf('serve'), WITHIN).toEqual(['healthy']);
    expect((await installation.statesOf('worker')).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  },
);

inContainers('completes an import with the demo profile, at the pace, with three workers', () => {
  const project = ['compose', '-p', `onboard-demo-${process.pid}`, '--profile', 'demo'];
  onTestFinished(() => void docker([...project, 'down', '-v', '-t', '0']));
  const up = ['up', '--scale', 'demo-worker=3', '--exit-code-from', 'demo-import'];
  const { status, stdout, stderr } = docker([...project, ...up]);
  expect(stdout + stderr).toContain('36 submitted, 0 unchanged, 0 failed');
  expect(status).toBe(0);
  // The simulator, which lets five calls through in any second, says at its end what it saw.
  const simulator = docker([...project, 'ps', '-aq', 'simulator']).stdout.trim();
  const { stderr: text } = docker(['logs', simulator]);
  const { submit, acceptedCustomers, acceptedTwice }: Summary = JSON.parse(
    text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1),
  );
  expect({ acceptedCustomers, acceptedTwice }).toEqual({ acceptedCustomers: 36, acceptedTwice: 0 });
  expect(submit.calls - submit.throttled).toBe(36);
  expect(submit.throttled).toBeLessThanOrEqual(36 / 4);
});
