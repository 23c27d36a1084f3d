import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ChildProgram } from '../../src/sandbox/child-program.ts';

const PROGRAM = fileURLToPath(new URL('../support/growing-heap.ts', import.meta.url));
/** The most that V8 lets a heap grow between two collections, by itself and on a machine with much memory. */
const FOURFOLD = '--heap-growing-percent=300';
/** New objects soon lie among those that stay, and each collection is one step in one thread: no speed says when. */
const STEADY = ['--max-semi-space-size=1', '--single-threaded-gc', '--no-incremental-marking'];
/** Twice instead of four times what is in use, within a few hundredths. */
const SHARE_MAX = 2 / 3;

/** @returns how many times as much as what stays the heap held at most */
async function growthOf(flags: readonly string[], ...parameters: string[]): Promise<number> {
  const node = ['--expose-gc', '--max-old-space-size=4096', ...STEADY, ...flags, '--import', 'tsx'];
  const program = new ChildProgram([...node, PROGRAM, ...parameters]);
  expect(await program.ended).toMatchObject({ code: 0 });
  return Number(program.output.stdout);
}

it('a heap is collected once it has doubled, however much memory the machine has', async () => {
  const fourfold = await growthOf([FOURFOLD]);
  expect(await growthOf([], 'limited')).toBeLessThan(SHARE_MAX * fourfold);
}, 60_000);
