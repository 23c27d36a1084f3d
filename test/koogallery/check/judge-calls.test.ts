/** What the calls of the last month say, counted as the marketplace counts. */
import { describe, expect, it } from 'vitest';
import { CallTally } from '../../../src/koogallery/check/call-history.ts';
import { type Calls, judgeCalls } from '../../../src/koogallery/check/judge-calls.ts';
import { neededActivities } from '../../../src/koogallery/check/needed-activities.ts';
import type { AuditedCall } from '../../../src/koogallery/registry/list-calls.ts';
import { levelsOf } from '../../support/koogallery/checks.ts';
import { makeOpenChannel } from '../../support/koogallery/marketplace.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Noon in China. */
const NOW = Date.parse('2026-08-20T04:00:00Z');

const debug = (daysAgo: number, code: string, activity = 'newInstance'): AuditedCall => ({
  ...{ at: NOW - daysAgo * DAY, activity, code, isTest: true, facts: {} },
});
const create = (orderId: string, code: string, at = NOW): AuditedCall => ({
  ...{ at, activity: 'newInstance', code, isTest: false, facts: { orderId } },
});

function historyOf(calls: readonly AuditedCall[]) {
  const tally = new CallTally(NOW);
  for (const call of [...calls].sort((one, other) => other.at - one.at)) tally.add(call);
  return tally.history(true);
}

function judge(calls: readonly AuditedCall[], more: Partial<Calls> = {}) {
  const history = historyOf(calls);
  const probes = new Map([['newInstance', NOW - HOUR]]);
  const needed = ['newInstance'];
  return judgeCalls('shop', { needed, isProbedDaily: true, counts: [], probes, history, now: NOW, ...more });
}

const textOf = (findings: ReturnType<typeof judge>, code: string) =>
  findings.find((each) => each.code === code)?.text;

describe('failing days', () => {
  it('are counted back to the last good one, and a day whose probes are to come is none', () => {
    const calls = [4, 3, 2, 1].map((ago) => debug(ago, ago === 4 ? '000000' : '000002'));
    const findings = judge(calls);
    expect(levelsOf(findings)).toMatchObject({ probe_days: 'bad' });
    expect(textOf(findings, 'probe_days')).toBe(
      '3 days in a row without success: 3 with failed debug calls (newInstance)',
    );
    expect(levelsOf(judge([...calls, debug(0, '000000')]))).toMatchObject({ probe_days: 'ok' });
  });

  it('are those on which not one debug call of an activity succeeded: our own probe also sends wrong ones', () => {
    expect(levelsOf(judge([debug(0, '000002'), debug(0.1, '000000')]))).toMatchObject({ probe_days: 'ok' });
    const other = [debug(0, '000002', 'releaseInstance'), debug(0.1, '000000')];
    expect(textOf(judge(other), 'probe_days')).toContain('(releaseInstance)');
    expect(levelsOf(judge([debug(0, '000002', 'unknown'), debug(1, '000000')]))).toMatchObject({
      probe_days: 'ok',
    });
  });

  it('may be those without any call: nothing may have answered', () => {
    const findings = judge([debug(4, '000000')]);
    expect(levelsOf(findings)).toMatchObject({ probe_days: 'note' });
    expect(textOf(findings, 'probe_days')).toBe('3 days in a row without success: 3 without any');
    // Before the very first call there was nothing to fail.
    expect(textOf(judge([debug(1, '000002')]), 'probe_days')).toContain('1 day in a row');
    expect(levelsOf(judge([]))).toMatchObject({ probe_days: 'note' });
  });

  it('are those of China', () => {
    const beforeMidnight = { ...debug(0, '000000'), at: Date.parse('2026-08-19T15:59:00Z') };
    const after = { ...debug(0, '000002'), at: Date.parse('2026-08-19T16:01:00Z') };
    expect(textOf(judge([beforeMidnight, after]), 'probe_days')).toContain('1 day in a row');
  });
});

describe('orders', () => {
  it('fail whose latest create was an error, and more than five in a month are too many', () => {
    const mended = [create('a', '000005', NOW - HOUR), create('a', '000004')];
    expect(levelsOf(judge(mended))).toMatchObject({ orders_failed: 'ok' });
    const failed = Array.from({ length: 6 }, (_, n) => create(`o${n}`, '000104'));
    expect(levelsOf(judge(failed.slice(1)))).toMatchObject({ orders_failed: 'note' });
    expect(levelsOf(judge(failed))).toMatchObject({ orders_failed: 'bad' });
    const old = failed.map((each) => ({ ...each, at: NOW - 31 * DAY }));
    expect(levelsOf(judge(old))).toMatchObject({ orders_failed: 'ok' });
  });

  it('of a look that was cut short are those of whole days', () => {
    const tally = new CallTally(NOW);
    for (const ago of [0, 1, 2]) tally.add(debug(ago, '000000'));
    expect(tally.history(false).days).toHaveLength(2);
  });
});

describe('activities', () => {
  it('that a product needs must have succeeded once, as a debug call or as a real one', () => {
    const needed = ['newInstance', 'queryInstance', 'releaseInstance'];
    const counts = [{ activity: 'queryInstance', code: '000000', isTest: false, calls: 1 }];
    const findings = judge([], { needed, counts });
    expect(levelsOf(findings)).toMatchObject({ probes_needed: 'bad' });
    expect(textOf(findings, 'probes_needed')).toBe('never succeeded: releaseInstance');
  });

  it('without a debug call in 24 hours are noted', () => {
    expect(levelsOf(judge([]))).toMatchObject({ probes_recent: 'ok' });
    const findings = judge([], { probes: new Map([['newInstance', NOW - 2 * DAY]]) });
    expect(levelsOf(findings)).toMatchObject({ probes_recent: 'note' });
    expect(textOf(findings, 'probes_recent')).toBe('newInstance 48h 00m ago');
  });

  it('follow from the generation and how products are charged', () => {
    const neededBy = (more: Parameters<typeof makeOpenChannel>[0]) =>
      neededActivities(makeOpenChannel({ keys: { current: 'k' }, ...more }));
    expect(neededBy({ chargingModes: ['one-time'] })).toEqual([
      ...['newInstance', 'queryInstance', 'releaseInstance'],
    ]);
    expect(neededBy({ chargingModes: ['on-demand'] })).toContain('updateInstanceStatus');
    expect(neededBy({ generation: 'saas-v1', chargingModes: ['on-demand-package'] })).toEqual([
      ...['newInstance', 'releaseInstance', 'instanceStatus', 'queryInstance'],
    ]);
    expect(neededBy({ generation: 'saas-v1' })).toContain('expireInstance');
    expect(neededBy({ generation: 'license-online' })).toContain('getLicenseAsync');
    expect(neededBy({ keys: { current: 'k', kit: 'kit' } })).toContain('allOrgSync');
  });
});
