/** The command line, as built, in processes of their own. */
import { onTestFinished } from 'vitest';
import { ONBOARD } from '../../scripts/ensure-built.ts';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { type CustomerRow, writeInput } from './customers.ts';
import type { World } from './world.ts';

/** Starts `onboard` with the parameters; whatever still runs after the test is killed. */
export function startProgram(
  world: Pick<World, 'environment'>,
  parameters: readonly string[],
  env: Record<string, string> = {},
): ChildProgram {
  const program = new ChildProgram([ONBOARD, ...parameters], { env: { ...world.environment, ...env } });
  onTestFinished(() => program.kill());
  return program;
}

export async function runProgram(
  world: Pick<World, 'environment'>,
  parameters: readonly string[],
  env: Record<string, string> = {},
) {
  const program = startProgram(world, parameters, env);
  const { code } = await program.ended;
  return { code, ...program.output };
}

/** A worker process that is ready. */
export async function startWorkerProgram(
  world: World,
  env: Record<string, string> = {},
): Promise<ChildProgram> {
  const program = startProgram(world, ['worker'], { LOG_LEVEL: 'info', ...env });
  await program.says('workers_started');
  return program;
}

/** Imports rows by the command line; returns the id of the batch. */
export async function importRows(
  world: World,
  rows: readonly CustomerRow[],
  ...more: string[]
): Promise<string> {
  const { code, stdout, stderr } = await runProgram(world, [
    'import',
    await writeInput(world, rows),
    '--agreements',
    world.agreements,
    ...more,
  ]);
  if (code !== 0) throw new Error(`import ended with ${code}: ${stderr}`);
  return stdout.trim();
}
