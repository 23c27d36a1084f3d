/** A command in this process: as `runProgram`, without the second that a process of its own takes to start. */
import { vi } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { World } from './world.ts';

export async function runCommand(
  { environment }: Pick<World, 'environment'>,
  words: readonly string[],
  env: Record<string, string> = {},
) {
  const output = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      output[name] += String(chunk);
      return true;
    }),
  );
  for (const [name, value] of Object.entries({ ...environment, ...env })) vi.stubEnv(name, value ?? '');
  process.exitCode = undefined;
  try {
    return { code: (await run(words)) ?? 0, ...output };
  } finally {
    process.exitCode = undefined;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}
