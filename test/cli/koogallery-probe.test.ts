import { expect, it } from 'vitest';
import { runCommand } from '../support/command.ts';
import type { Fault } from '../support/koogallery/reference-faults.ts';
import { SELLER_KEYS, startReferenceSeller } from '../support/koogallery/reference-seller.ts';

async function runProbe(faults: readonly Fault[], words: readonly string[] = []) {
  const seller = await startReferenceSeller('license-v2', ...faults);
  const env = { KOO_KEY: SELLER_KEYS.current, KOO_BEFORE: SELLER_KEYS.previous };
  const asked = ['--generation', 'license-v2', '--key-env', 'KOO_KEY', '--repeat', '1', ...words];
  const ran = await runCommand({ environment: {} }, ['koogallery', 'probe', seller.url.href, ...asked], env);
  return { ...ran, seller };
}

it('prints a table for each activity, and ends well where all is right', async () => {
  const { code, stdout, stderr, seller } = await runProbe([], ['--previous-key-env', 'KOO_BEFORE']);
  expect(stdout).toMatch(/^refreshLicenseCode {2}\d+ calls\n {2}ok +an answer comes/m);
  expect(stdout).not.toMatch(/FAIL|WARN/);
  expect(stderr).toContain('PASSED (debug): 0 failed, 0 warnings');
  expect([code, seller.orders.size]).toEqual([0, 0]);
});

it('says what came and what was expected, and ends with 4', async () => {
  const { code, stdout } = await runProbe(['noQuotes'], ['--only', 'releaseLicenseCode']);
  expect(stdout).toMatch(
    /FAIL +Body-Sign: form .*Body-Sign: documented +came: 0 double quotes instead of 4; expected: sign_type/,
  );
  expect(code).toBe(4);
});

it('prints the same as JSON, without a key in it', async () => {
  const { stdout, stderr } = await runProbe(['signedByOther'], ['--json', '--only', 'releaseLicenseCode']);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ mode: 'debug', generation: 'license-v2', hasPassed: false });
  for (const key of Object.values(SELLER_KEYS)) expect(stdout + stderr).not.toContain(key);
});

it('sends nothing that looks real before it was confirmed', async () => {
  const { code, stderr, seller } = await runProbe([], ['--live']);
  expect([code, seller.calls.size]).toEqual([2, 0]);
  expect(stderr).toContain('will take 1 order for real');
});

it('reports a live probe with the orders that it made', async () => {
  const { code, stdout, stderr } = await runProbe([], ['--live', '--yes']);
  expect(stderr).toContain('PASSED (live)');
  expect(stdout).toMatch(/^order PROBE-\w+: PL\w+, released$/m);
  expect(code).toBe(0);
});

it.each([
  [['--key-env', 'KOO_NONE'], 'there is no KOO_NONE in the environment'],
  [['--only', 'newInstance'], '--only: license-v2 has refreshLicenseCode'],
  [['--only', 'releaseLicenseCode', '--live'], 'leave one of them out'],
])('refuses %j', async (words, problem) => {
  const { code, stderr } = await runProbe([], words);
  expect([code, stderr]).toEqual([2, expect.stringContaining(problem)]);
});

it.each(['ftp://shop.example', 'shop.example', 'https://u:p@shop.example', 'https://shop.example/?a=1'])(
  'refuses the address %s',
  async (url) => {
    const words = ['koogallery', 'probe', url, '--generation', 'saas-v2', '--key-env', 'KOO_KEY'];
    expect((await runCommand({ environment: {} }, words, { KOO_KEY: 'k' })).code).toBe(2);
  },
);
