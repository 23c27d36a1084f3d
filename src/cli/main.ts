#!/usr/bin/env node
/** The command line: finds the command that was called, and loads only that one from `commands/`. */
import { Command, CommanderError } from 'commander';
import { printable } from '../printable.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';
import { describeError, EXIT, exitCodeOf } from './exit.ts';
import { say } from './output.ts';

await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<void> {
  const program = createProgram();
  try {
    const called = findCalled(words);
    for (const entry of COMMANDS) await declare(program, entry, entry === called);
    // Ctrl-C ends only the watching; the batch carries on.
    if (!called?.endsBySignal) process.once('SIGINT', () => process.exit(EXIT.interrupted));
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
      return;
    }
    say(`onboard: ${describeError(error)}`);
    process.exitCode = exitCodeOf(error);
  }
}

function createProgram(): Command {
  return new Command('onboard')
    .description(
      "register an ISV's customers with Alibaba Cloud Chat App: once each, as fast as the rate limit allows",
    )
    .showHelpAfterError('(add --help to see the options)')
    .showSuggestionAfterError()
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${usageOf(command)}`.trim() })
    .configureOutput({ writeErr: (text) => process.stderr.write(printable(text)) })
    .exitOverride();
}

/** A command that is not loaded knows no usage of its own. */
function usageOf(command: Command): string {
  const entry = COMMANDS.find(({ name }) => name === command.name());
  return entry?.usage ?? command.usage();
}

/** `onboard import …` and `onboard help import` both mean `import`. */
function findCalled(words: readonly string[]): CommandEntry | undefined {
  const [first, second] = words;
  const name = first === 'help' ? second : first;
  return COMMANDS.find((entry) => entry.name === name);
}

/** Every command is declared, for the help; arguments and action come with the one that is called. */
async function declare(program: Command, entry: CommandEntry, isCalled: boolean): Promise<void> {
  const command = program.command(entry.name).description(entry.description).exitOverride();
  if (isCalled) (await entry.load()).define(command);
}
