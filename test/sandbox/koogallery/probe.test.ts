import { describe, expect, it } from 'vitest';
import type { Generation } from '../../../src/koogallery/protocol/intent.ts';
import type { CheckId } from '../../../src/sandbox/koogallery/checks.ts';
import { checkAddress, type ProbeOptions, probe } from '../../../src/sandbox/koogallery/probe.ts';
import type { ProbeReport } from '../../../src/sandbox/koogallery/report.ts';
import { DEBUG_FAULTS, DEBUG_FAULTS_V1, type Fault } from '../../support/koogallery/reference-faults.ts';
import { SELLER_KEYS, startReferenceSeller } from '../../support/koogallery/reference-seller.ts';

/** For a seller that never answers; any other may be late on a loaded machine. */
const GIVE_UP_MS = 60;

async function probeSeller(
  generation: Generation,
  faults: readonly Fault[] = [],
  options: Partial<ProbeOptions> = {},
): Promise<ProbeReport> {
  const { url } = await startReferenceSeller(generation, ...faults);
  return probe({ endpoint: url, generation, keys: SELLER_KEYS, repeat: 1, ...options });
}

const broken = ({ activities }: ProbeReport): CheckId[] =>
  activities.flatMap(({ checks }) =>
    checks.filter(({ result }) => result !== 'pass').map(({ check }) => check),
  );

/** One activity shows each of these, and faster than all of them; `test/attacks/koogallery-probe.test.ts` has all. */
const ONLY: Partial<Record<Fault, string>> = {
  noFrontEnd: 'queryInstance',
  badUsage: 'queryInstance',
  infoForOther: 'queryInstance',
  refusesUnseen: 'queryInstance',
  only14: 'refreshInstance',
  rawChinese: 'queryInstance',
  fails: 'releaseInstance',
  onlyRenews: 'refreshInstance',
  wantsAll: 'releaseInstance',
  onlyFirst: 'queryInstance',
};

it.each([
  ['saas-v2', 'newInstance'],
  ['saas-v1', 'newInstance'],
  ['license-v2', 'refreshLicenseCode'],
  ['license-v1', 'getLicense'],
  ['license-online', 'getLicenseAsync'],
] as const)('a seller that is right passes every check: %s, %s', async (generation, only) => {
  const report = await probeSeller(generation, [], { only, shuffle: 7 });
  expect(report).toMatchObject({ hasPassed: true, counts: { fail: 0, warn: 0 } });
  expect(report.counts.pass).toBeGreaterThan(25);
});

describe('a fault of the seller is found', () => {
  it.each(Object.entries(DEBUG_FAULTS) as [Fault, CheckId][])('%s: %s', async (fault, check) => {
    const only = ONLY[fault] ?? 'newInstance';
    const patience = fault === 'hangs' ? { giveUpMs: GIVE_UP_MS } : {};
    const report = await probeSeller('saas-v2', [fault], { only, ...patience });
    expect(broken(report)).toContain(check);
  });
  it.each(Object.entries(DEBUG_FAULTS_V1) as [Fault, CheckId][])('V1.0, %s: %s', async (fault, check) => {
    const report = await probeSeller('saas-v1', [fault], { only: 'newInstance' });
    expect(broken(report)).toContain(check);
    expect(report.hasPassed).toBe(fault === 'losesPlus' || fault === 'firstInQuery');
  });
});

it('gives up where nobody answers', async () => {
  const report = await probeSeller('saas-v2', ['closes'], { keys: { current: 'k' } });
  expect(report).toMatchObject({ calls: 3, stopped: '3 calls in a row had no answer', hasPassed: false });
});

it('spares a seller what its products do not need', async () => {
  const { url } = await startReferenceSeller('license-v2', 'noNotify');
  const options = { endpoint: url, generation: 'license-v2', keys: SELLER_KEYS, repeat: 0 } as const;
  const report = await probe({ ...options, only: undefined });
  expect(report).toMatchObject({ hasPassed: true, counts: { warn: 1 } });
  expect((await probe({ ...options, only: 'orderNotify' })).hasPassed).toBe(false);
});

it.each([
  ['https://shop.example.com/saas', undefined],
  ['http://shop.example.com/saas', 'no HTTPS'],
  ['https://192.0.2.1/saas', 'an IP address'],
  ['http://[2001:db8::1]/saas', 'no HTTPS, an IP address'],
  ['http://127.0.0.1:8080/saas', undefined],
])('checks the address %s', (url, came) => {
  expect(checkAddress(new URL(url)).came).toBe(came);
});
