import { expect, it } from 'vitest';
import { decimalOf, unitsOf } from '../../../src/koogallery/usage/decimal.ts';
import { checkUsage, type GivenUsage, type RuleContext } from '../../../src/koogallery/usage/rules.ts';
import { formatUsageTime, parseUsageTime } from '../../../src/koogallery/usage/windows.ts';

const NOW = Date.UTC(2026, 7, 9, 10, 5);
const GIVEN: GivenUsage = {
  meteringSn: 'sn-1',
  instanceId: 'i-1',
  beginTime: '20260809T080000Z',
  endTime: '2026-08-09T09:00:00Z',
  value: '99.5',
};
const CONTEXT: RuleContext = {
  site: 'cn',
  interface: 'new',
  now: NOW,
  mayBeUnknown: false,
  instances: new Map([
    ['i-1', { createdAt: Date.UTC(2026, 7, 1) }],
    ['p-1', { createdAt: Date.UTC(2026, 7, 1), isPayPerUse: false }],
    ['old', { createdAt: Date.UTC(2026, 7, 1), releasedAt: Date.UTC(2026, 7, 9, 8, 30) }],
    ['young', { createdAt: Date.UTC(2026, 7, 9, 8, 0, 1) }],
  ]),
};

it('takes a record that keeps all rules, in either way to write a time', () => {
  expect(checkUsage({ ...GIVEN, relatedPackage: 'p-1' }, CONTEXT)).toEqual({
    meteringSn: 'sn-1',
    instanceId: 'i-1',
    relatedPackage: 'p-1',
    productId: undefined,
    begin: Date.UTC(2026, 7, 9, 8),
    end: Date.UTC(2026, 7, 9, 9),
    recordTime: NOW,
    value: '99.5',
    units: 995_000n,
  });
});

it.each<[string, Partial<GivenUsage>, string[], Partial<RuleContext>?]>([
  ['no instance', { instanceId: '' }, ['INSTANCE_MISSING']],
  ['a long id', { meteringSn: 'x'.repeat(65) }, ['ID_TOO_LONG']],
  ['a space in an id', { relatedPackage: 'p 1' }, ['ID_TOO_LONG', 'INSTANCE_UNKNOWN']],
  ['an unknown instance', { instanceId: 'i-2' }, ['INSTANCE_UNKNOWN']],
  ['an unknown package', { relatedPackage: 'p-2' }, ['INSTANCE_UNKNOWN']],
  ['an unknown one that may be', { instanceId: 'i-2' }, [], { mayBeUnknown: true }],
  ['a package as instance', { instanceId: 'p-1' }, ['INSTANCE_NOT_PAY_PER_USE']],
  ['a package of itself', { relatedPackage: 'i-1' }, ['PACKAGE_IS_INSTANCE']],
  ['no product for the old interface', {}, ['PRODUCT_MISSING'], { interface: 'old' }],
  ['a time that no calendar has', { beginTime: '20260230T080000Z' }, ['TIME_INVALID']],
  ['a time with another zone', { endTime: '2026-08-09T09:00:00+08:00' }, ['TIME_INVALID']],
  ['an end before the begin', { endTime: '20260809T075959Z' }, ['RANGE_REVERSED']],
  ['an end in the future', { endTime: '20260809T100501Z' }, ['NOT_OVER_YET']],
  ['a record time before the end', { recordTime: '20260809T085959Z' }, ['RECORD_TIME_EARLY']],
  ['a record time in the future', { recordTime: '20260809T100501Z' }, ['RECORD_TIME_EARLY']],
  ['22 days', { beginTime: '20260719T100459Z' }, ['TOO_OLD', 'BEFORE_INSTANCE']],
  ['usage before the instance', { instanceId: 'young' }, ['BEFORE_INSTANCE']],
  ['usage after the release', { instanceId: 'old' }, ['AFTER_RELEASE']],
  ['an exponent', { value: '1e3' }, ['VALUE_INVALID']],
  ['five places', { value: '1.00001' }, ['VALUE_INVALID']],
  ['a sign', { value: '-1' }, ['VALUE_INVALID']],
  ['a leading zero', { value: '01' }, ['VALUE_INVALID']],
  ['a comma', { value: '1,5' }, ['VALUE_INVALID']],
  ['nothing', { value: '0.0000' }, ['VALUE_ZERO']],
  ['13 digits', { value: '1234567890123' }, ['VALUE_TOO_LARGE']],
  ['9 digits abroad', { value: '123456789' }, ['VALUE_TOO_LARGE'], { site: 'intl' }],
  [
    'all at once',
    { beginTime: 'x', value: 'y', instanceId: '' },
    ['INSTANCE_MISSING', 'VALUE_INVALID', 'TIME_INVALID'],
  ],
])('finds %s', (_, changes, reasons, context = {}) => {
  const result = checkUsage({ ...GIVEN, ...changes }, { ...CONTEXT, ...context });
  expect(Array.isArray(result) ? result : []).toEqual(reasons);
});

it('counts in ten-thousandths, without floating point', () => {
  expect(unitsOf('0.1')).toBe(1_000n);
  expect(unitsOf('999999999999.9999')).toBe(9_999_999_999_999_999n);
  expect(['', '.5', '5.', '1.', ' 1', '١'].map(unitsOf)).toEqual(Array(6).fill(undefined));
  expect([0n, 1n, 10_000n, -12_500n, 9_999_999_999_999_999n].map(decimalOf)).toEqual([
    '0',
    '0.0001',
    '1',
    '-1.25',
    '999999999999.9999',
  ]);
});

it('reads and writes times to the second', () => {
  expect(formatUsageTime(Date.UTC(2026, 7, 9, 8, 0, 1, 999))).toBe('20260809T080001Z');
  expect(parseUsageTime('2026-08-09T08:00:01.000Z')).toBe(Date.UTC(2026, 7, 9, 8, 0, 1));
  expect(parseUsageTime('2026-08-09T08:00:01.500Z')).toBeUndefined();
  expect(parseUsageTime('20260809080001')).toBeUndefined();
});
