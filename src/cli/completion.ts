/** The words that a shell may offer, as a tree made from the commands themselves. Pure. */
import type { Argument, Command, Option } from 'commander';

/** What follows a word: one of a few, a file, a folder, or something that cannot be listed. */
export type Wanted = { choices: readonly string[] } | 'file' | 'folder' | 'text';

export interface OptionWords {
  /** `-o` and `--output`. */
  flags: string[];
  description: string;
  /** Undefined if it takes no value. */
  wants: Wanted | undefined;
}

export interface CommandWords {
  /** `account adopt`; empty for the program itself. */
  path: string;
  description: string;
  options: OptionWords[];
  subcommands: { name: string; description: string }[];
  /** What its first argument is; undefined if it takes none. */
  wants: Wanted | undefined;
}

const FOLDERS = new Set(['dir']);
const FILES = new Set(['file', 'path']);

/** @returns the program first, then every command, its subcommands after it */
export function wordsOf(command: Command, path: readonly string[] = []): CommandWords[] {
  const own = {
    path: path.join(' '),
    description: command.description(),
    options: [...command.options, helpOf(command)].map(optionWords),
    subcommands: command.commands.map((sub) => ({ name: sub.name(), description: sub.description() })),
    wants: command.registeredArguments[0] && wantedAs(command.registeredArguments[0]),
  };
  return [own, ...command.commands.flatMap((sub) => wordsOf(sub, [...path, sub.name()]))];
}

/** `--help` is not among the options of a command. */
const helpOf = (command: Command): Option => command.createOption('-h, --help', 'display help for command');

function optionWords(option: Option): OptionWords {
  const takesValue = option.required || option.optional;
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
    description: option.description,
    wants: takesValue ? wantedBy(option) : undefined,
  };
}

function wantedBy({ argChoices, flags }: Option): Wanted {
  if (argChoices !== undefined) return { choices: argChoices };
  return wantedNamed(/[<[]([\w]+)(?:\.{3})?[>\]]/.exec(flags)?.[1] ?? '');
}

function wantedAs(argument: Argument): Wanted {
  return argument.argChoices === undefined ? wantedNamed(argument.name()) : { choices: argument.argChoices };
}

function wantedNamed(name: string): Wanted {
  if (FOLDERS.has(name)) return 'folder';
  return FILES.has(name) ? 'file' : 'text';
}
