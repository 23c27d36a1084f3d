import { expect, it } from 'vitest';
import { FirstSeen } from '../../src/customer/duplicates.ts';

it('tells each repeated key and the line where it was first seen, however often the table has grown', () => {
  const seen = new FirstSeen();
  for (let line = 1; line <= 20_000; line++) expect(seen.add(`C${line}`, line)).toBeUndefined();
  for (const line of [1, 777, 20_000]) expect(seen.add(`C${line}`, 99_999)).toBe(line);
});
