import { expect, it } from 'vitest';
import { qualify } from '../../src/koogallery/qualification.ts';

it.each<[string, number[], number[]]>([
  ['2026-01-01', [2025, 2024], []],
  ['2026-06-30', [2025, 2024], []],
  ['2026-07-01', [2025], [2024]],
  ['2026-07-02', [2025], []],
  ['2026-12-31', [2025], []],
  ['2028-02-29', [2027, 2026], []],
])('applied for on %s: %j, perhaps %j', (applied, auditedYears, doubtfulYears) => {
  expect(qualify(applied)).toMatchObject({ applied, auditedYears, doubtfulYears });
});

it('says of 1 July alone that the page says nothing', () => {
  expect(qualify('2026-07-01')?.doubt).toMatch(/of the day itself nothing/);
  expect(qualify('2026-07-02')).not.toHaveProperty('doubt');
});

it.each([
  '',
  '2026',
  '2026-2-1',
  '2026-02-30',
  '2027-02-29',
  '2026-13-01',
  '1026-01-01',
  '2026-07-01T00:00',
  ' 2026-07-01',
  '２０２６-07-01',
])('takes %j for no day', (applied) => {
  expect(qualify(applied)).toBeUndefined();
});
