import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ChildProgram } from '../../src/sandbox/child-program.ts';

const PROGRAM = fileURLToPath(new URL('../support/growing-heap.ts', import.meta.url));

it('a heap is collected once it has doubled, however much memory the machine has', async () => {
  const program = new ChildProgram(['--expose-gc', '--import', 'tsx', PROGRAM, 'limited']);
  expect(await program.ended).toMatchObject({ code: 0 });
  // What is held for a while, and what is new, comes on top of it. Without the limit: nearly six times, on a machine with 24 GB.
  expect(Number(program.output.stdout)).toBeLessThan(5);
}, 60_000);
