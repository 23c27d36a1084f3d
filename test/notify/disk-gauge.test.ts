import type { StatsFs } from 'node:fs';
import { expect, it } from 'vitest';
import { DiskGauge } from '../../src/notify/disk-gauge.ts';

it('waits for a file system that does not answer for a while only, and asks it nothing else meanwhile', async () => {
  let questions = 0;
  let resolve: (disk: StatsFs) => void = () => undefined;
  const promise = new Promise<StatsFs>((answer) => {
    resolve = answer;
  });
  const gauge = new DiskGauge('/mnt/away', () => {
    questions += 1;
    return promise;
  });
  expect(await Promise.all([gauge.read(), gauge.read()])).toEqual([undefined, undefined]);
  expect(questions).toBe(1);
  const disk = { bavail: 1 } as StatsFs;
  const asked = gauge.read();
  resolve(disk);
  expect(await asked).toBe(disk);
  expect(questions).toBe(1);
});

it('knows nothing of a folder that is not there', async () => {
  expect(await new DiskGauge('/nowhere/at/all').read()).toBeUndefined();
});
