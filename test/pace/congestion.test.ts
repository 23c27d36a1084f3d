/** How many calls of a process set out at a time, when many slots are missed and when few are. */
import { beforeEach, expect, it } from 'vitest';
import { CongestionWindow, type Place } from '../../src/pace/congestion.ts';

/** Of the event loop of the process that is played here. */
let utilization = 1;
const makeWindow = () => new CongestionWindow(() => ({ idle: 0, active: 0, utilization }));

beforeEach(() => {
  utilization = 1;
});

const enterMany = (window: CongestionWindow, count: number): Promise<Place[]> =>
  Promise.all(Array.from({ length: count }, () => window.enter()));

/** So many more come. @returns how many of them have got a place by now */
function comeMany(window: CongestionWindow, count: number): () => Promise<number> {
  let admitted = 0;
  for (let index = 0; index < count; index++) void window.enter().then(() => admitted++);
  return async () => {
    await new Promise(setImmediate);
    return admitted;
  };
}

/** A window full of calls. */
function note(window: CongestionWindow, { left, missed }: { left: number; missed: number }): void {
  for (let index = 0; index < left; index++) window.noteLeft();
  for (let index = 0; index < missed; index++) window.noteMissed();
}

it('lets everybody set out as long as nobody is late', async () => {
  const window = makeWindow();
  note(window, { left: 5_000, missed: 0 });
  expect(await comeMany(window, 500)()).toBe(500);
});

it('lets fewer set out when many slots are missed: seven of ten that were on their way', async () => {
  const window = makeWindow();
  const places = await enterMany(window, 100);
  note(window, { left: 50, missed: 50 });
  expect(window.size).toBe(70);
  for (const place of places) place.free();
  expect(await comeMany(window, 200)()).toBe(70);
});

it('takes single misses as the price of a processor in full use', async () => {
  const window = makeWindow();
  await enterMany(window, 100);
  note(window, { left: 95, missed: 5 });
  expect(window.size).toBe(1_024);
});

it('takes no miss for its own fault while it has time: then Redis or the peer is far away', async () => {
  const window = makeWindow();
  await enterMany(window, 100);
  utilization = 0.4;
  note(window, { left: 0, missed: 2_000 });
  expect(window.size).toBe(1_024);
});

it('judges whole windows: those that were on their way together count once', async () => {
  const window = makeWindow();
  await enterMany(window, 100);
  note(window, { left: 0, missed: 99 });
  expect(window.size).toBe(1_024);
  note(window, { left: 0, missed: 1 });
  expect(window.size).toBe(70);
  note(window, { left: 0, missed: 69 });
  expect(window.size).toBe(70);
});

it('lets some set out whatever is missed', async () => {
  const window = makeWindow();
  await enterMany(window, 100);
  note(window, { left: 0, missed: 2_000 });
  expect(window.size).toBe(4);
});

it('lets more set out again while few slots are missed, if somebody waits', async () => {
  const window = makeWindow();
  const places = await enterMany(window, 100);
  note(window, { left: 0, missed: 2_000 });
  for (const place of places) place.free();
  note(window, { left: 1_000, missed: 0 });
  expect(window.size).toBe(4);
  const admitted = comeMany(window, 1_000);
  note(window, { left: 32, missed: 0 });
  expect(window.size).toBe(5);
  note(window, { left: 1_000, missed: 0 });
  expect(window.size).toBeGreaterThan(50);
  expect(await admitted()).toBe(window.size);
});

it('has a place again that was freed twice, once', async () => {
  const window = makeWindow();
  const places = await enterMany(window, 40);
  note(window, { left: 0, missed: 40 });
  expect(window.size).toBe(28);
  for (const place of places.slice(0, 13)) place.free();
  for (const place of places.slice(0, 13)) place.free();
  expect(await comeMany(window, 5)()).toBe(1);
});

it('does not keep the place of a call that waits for something else than its slot', async () => {
  const window = makeWindow();
  const places = await enterMany(window, 40);
  note(window, { left: 0, missed: 40 });
  const waiting = window.enter();
  // None of them ever leaves.
  for (const place of places) place.lapseAfter(10);
  await expect(waiting).resolves.toBeDefined();
});
