/** The tree of commands, as commander has it. */
import { Command } from 'commander';
import { printable } from '../printable.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';

const VERSION_WORDS = ['-V', '--version'];

interface ProgramOptions {
  /** Which commands get their arguments, options and action; the others are only named, for the help. */
  loads(entry: CommandEntry): boolean;
  /** What was typed. */
  words?: readonly string[];
}

export async function createProgram({ loads, words = [] }: ProgramOptions): Promise<Command> {
  const program = new Command('onboard')
    .description(
      "register an ISV's customers with Alibaba Cloud Chat App: once each, as fast as the rate limit allows",
    )
    .version(await versionFor(words), VERSION_WORDS.join(', '), 'print the version')
    .showHelpAfterError('(add --help to see the options)')
    .showSuggestionAfterError()
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${usageOf(command)}`.trim() })
    .configureOutput({ writeErr: (text) => process.stderr.write(printable(text)) })
    .exitOverride()
    .hook('preAction', (_program, command) => refuseEmpty(command));
  for (const entry of COMMANDS) await declare(program, entry, loads(entry));
  return program;
}

/** Loaded only if it is asked for: the help is as quick as it can be. */
async function versionFor([first = '']: readonly string[]): Promise<string> {
  if (!VERSION_WORDS.includes(first)) return '';
  const { ownVersion } = await import('../onboarding/version.ts');
  return ownVersion();
}

/** A command that is not loaded knows no usage of its own; those below another one are loaded with it. */
function usageOf(command: Command): string {
  const isBelow = Boolean(command.parent?.parent);
  const entry = isBelow ? undefined : COMMANDS.find(({ name }) => name === command.name());
  return entry?.usage ?? command.usage();
}

async function declare(program: Command, entry: CommandEntry, isLoaded: boolean): Promise<void> {
  const command = program.command(entry.name).description(entry.description).exitOverride();
  if (isLoaded) (await entry.load()).define(command);
}

/** An empty word is what an unset variable of a shell leaves behind; no option and no argument means anything by it. */
function refuseEmpty(command: Command): void {
  const isEmpty = (value: unknown) => (Array.isArray(value) ? value : [value]).includes('');
  const argument = command.registeredArguments.find((_, index) => isEmpty(command.processedArgs[index]));
  const option = command.options.find((each) => isEmpty(command.getOptionValue(each.attributeName())));
  const what = option ? `option '${option.flags}'` : argument && `argument '${argument.name()}'`;
  if (what !== undefined) command.error(`error: ${what} must not be empty`);
}
