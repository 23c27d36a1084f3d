import { expect, it } from 'vitest';
import { RedisClock } from '../../src/pace/redis-clock.ts';

const AHEAD = 1_700_000_000_000;

it('takes it that Redis spoke in the middle of the trip', () => {
  const clock = new RedisClock();
  clock.hear(1_000, 1_050, AHEAD + 1_025);
  expect(clock.oursAt(AHEAD + 1_100)).toBe(1_100);
});

it('believes the shortest of the latest trips', () => {
  const clock = new RedisClock();
  clock.hear(1_000, 1_065, AHEAD + 1_047);
  clock.hear(2_000, 2_036, AHEAD + 2_018);
  clock.hear(3_000, 3_060, AHEAD + 3_018);
  expect(clock.oursAt(AHEAD + 3_100)).toBe(3_100);
});

it('forgets what it believed when the clock of Redis was set, or the clocks may have drifted apart', () => {
  const clock = new RedisClock();
  clock.hear(1_000, 1_010, AHEAD + 1_005);
  clock.hear(2_000, 2_050, AHEAD + 2_025 - 3_600_000);
  expect(clock.oursAt(AHEAD + 2_100 - 3_600_000)).toBe(2_100);
  clock.hear(30_000, 30_080, AHEAD + 30_043 - 3_600_000);
  expect(clock.oursAt(AHEAD + 30_100 - 3_600_000)).toBe(30_097);
});

it('tells by how much the clock of Redis was set ahead, as far as that is certain', () => {
  const clock = new RedisClock();
  expect(clock.hear(1_000, 1_010, AHEAD + 1_005)).toBe(0);
  expect(clock.hear(2_000, 2_400, AHEAD + 2_390)).toBe(0);
  expect(clock.hear(3_000, 3_010, AHEAD + 3_405)).toBe(390);
  expect(clock.hear(4_000, 4_010, AHEAD + 4_405)).toBe(0);
  expect(clock.hear(5_000, 5_010, AHEAD + 4_005)).toBe(0);
});
