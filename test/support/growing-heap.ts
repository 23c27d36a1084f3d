/**
 * A program, started with `--expose-gc`, whose garbage lives long enough to be moved among what stays; prints how many times
 * as much as what stays its heap held at most.
 */
import { getHeapSpaceStatistics } from 'node:v8';
import { limitHeapGrowth } from '../../src/http/heap-growth.ts';

const ROUNDS = 6_000;
const STAYING = 300;
const HELD_AT_ONCE = 20;

if (process.argv[2] === 'limited') limitHeapGrowth();
const make = () => Array.from({ length: 1_000 }, (_, index) => ({ index, list: [index] }));
const staying = Array.from({ length: STAYING }, make);
let held: unknown[] = [];
let most = 0;
for (let round = 0; round < ROUNDS; round++) {
  held.push(make());
  if (held.length === HELD_AT_ONCE) held = [];
  most = Math.max(most, oldBytes());
}
held = [];
globalThis.gc?.();
process.stdout.write(String(most / oldBytes()));
// Kept until here.
staying.splice(0);

function oldBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'old_space')?.space_used_size ?? 0;
}
