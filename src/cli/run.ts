/** One run of the command line: finds the command that was called, and loads only that one from `commands/`. */
import { COMMANDS, type CommandEntry } from './commands.ts';
import { type ExitCode, fail } from './exit.ts';
import { createProgram } from './program.ts';

/** Says what went wrong, if anything did. @returns the exit code that the command has set, or that of its error */
export async function run(words: readonly string[]): Promise<ExitCode> {
  const called = findCalled(words);
  try {
    const program = await createProgram({
      loads: (entry) => entry === called || called?.needsAll === true,
      words,
    });
    await program.parseAsync([...words], { from: 'user' });
    return process.exitCode as ExitCode;
  } catch (error) {
    return fail(error);
  }
}

/** `onboard import …` and `onboard help import` both mean `import`. */
export function findCalled(words: readonly string[]): CommandEntry | undefined {
  const [first, second] = words;
  const name = first === 'help' ? second : first;
  return COMMANDS.find((entry) => entry.name === name);
}
