import { expect, it } from 'vitest';
import { mostInOneSecond, RollingWindow } from '../../src/sandbox/simulator/rolling-window.ts';

it('refuses a sixth call within a second of the first until that second has passed', () => {
  const window = new RollingWindow(5);
  const answers = [0, 100, 200, 300, 400, 999.5].map((at) => window.admit(at));
  expect(answers).toEqual([0, 0, 0, 0, 0, 0.5]);
  expect(window.admit(1000)).toBe(0);
  expect(window.admit(1001)).toBe(99);
});

it('counts the most events in any second without the one exactly a second later', () => {
  expect(mostInOneSecond([0, 250, 500, 750, 1000, 1250])).toBe(4);
  expect(mostInOneSecond([0, 250, 500, 750, 999])).toBe(5);
  expect(mostInOneSecond([])).toBe(0);
});
