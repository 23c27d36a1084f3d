import { describe, expect, it } from 'vitest';
import { GENERATIONS, type Generation } from '../../../src/koogallery/protocol/intent.ts';
import type { CheckId } from '../../../src/sandbox/koogallery/checks.ts';
import { type ProbeOptions, probe } from '../../../src/sandbox/koogallery/probe.ts';
import type { ProbeReport } from '../../../src/sandbox/koogallery/report.ts';
import { DEBUG_FAULTS, DEBUG_FAULTS_V1, type Fault } from '../../support/koogallery/reference-faults.ts';
import { SELLER_KEYS, startReferenceSeller } from '../../support/koogallery/reference-seller.ts';

const GIVE_UP_MS = 60;

async function probeSeller(
  generation: Generation,
  faults: readonly Fault[] = [],
  options: Partial<ProbeOptions> = {},
): Promise<ProbeReport> {
  const { url } = await startReferenceSeller(generation, ...faults);
  return probe({ endpoint: url, generation, keys: SELLER_KEYS, repeat: 2, ...options });
}

const broken = ({ activities }: ProbeReport): CheckId[] =>
  activities.flatMap(({ checks }) =>
    checks.filter(({ result }) => result !== 'pass').map(({ check }) => check),
  );

describe('a seller that is right', () => {
  it.each(GENERATIONS)('passes every check: %s', async (generation) => {
    const report = await probeSeller(generation, [], { shuffle: 7 });
    expect(report).toMatchObject({ hasPassed: true, counts: { fail: 0, warn: 0 } });
    expect(report.counts.pass).toBeGreaterThan(100);
  });
});

/** Two activities show everything, and twice as fast as all of them. */
const ONLY: Partial<Record<Fault, string>> = {
  noFrontEnd: 'queryInstance',
  badUsage: 'queryInstance',
  infoForOther: 'queryInstance',
  only14: 'refreshInstance',
  rawChinese: 'queryInstance',
  fails: 'releaseInstance',
};

describe('a fault of the seller is found', () => {
  it.each(Object.entries(DEBUG_FAULTS) as [Fault, CheckId][])('%s: %s', async (fault, check) => {
    const only = fault === 'refusesUnseen' ? undefined : (ONLY[fault] ?? 'newInstance');
    const report = await probeSeller('saas-v2', [fault], { only, giveUpMs: GIVE_UP_MS });
    expect(broken(report)).toContain(check);
  });
  it.each(Object.entries(DEBUG_FAULTS_V1) as [Fault, CheckId][])('V1.0, %s: %s', async (fault, check) => {
    const report = await probeSeller('saas-v1', [fault], { only: 'newInstance' });
    expect(broken(report)).toContain(check);
    expect(report.hasPassed).toBe(fault === 'losesPlus');
  });
});
