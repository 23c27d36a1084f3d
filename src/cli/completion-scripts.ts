/** Completion scripts for the shells that people use: each knows every word by itself. Pure. */
import type { CommandWords, OptionWords, Wanted } from './completion.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export function renderCompletion(shell: Shell, commands: readonly CommandWords[]): string {
  if (shell === 'fish') return renderFish(commands);
  return shell === 'bash' ? renderBash(commands) : renderZsh(commands);
}

/** Variables of the body below: `at` is the command so far. `path` is a name that zsh needs for itself. */
function renderBash(commands: readonly CommandWords[]): string {
  return `_onboard_words() { local IFS=$'\\n'; COMPREPLY=($(compgen -W "$(printf '%s\\n' "$@")" -- "$current")); }
_onboard_files() { compopt -o filenames; local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")); }
_onboard_folders() { compopt -o filenames; local IFS=$'\\n'; COMPREPLY=($(compgen -d -- "$current")); }
_onboard() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} at='' word
  local typed=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  COMPREPLY=()
${renderBody(commands)}
}
complete -F _onboard onboard`;
}

function renderZsh(commands: readonly CommandWords[]): string {
  return `#compdef onboard
_onboard_words() { compadd -- "$@"; }
_onboard_files() { _files; }
_onboard_folders() { _files -/; }
_onboard() {
  local current=\${words[CURRENT]} before=\${words[CURRENT-1]} at='' word
  local -a typed=("\${(@)words[2,CURRENT-1]}")
${renderBody(commands)}
}
compdef _onboard onboard`;
}

/** What both shells understand. */
function renderBody(commands: readonly CommandWords[]): string {
  const below = commands.filter(({ path }) => path !== '');
  const values = commands.flatMap((command) =>
    command.options.flatMap((option) => valueBranch(command, option)),
  );
  const options = commands.map(({ path, options }) =>
    branch(path, `_onboard_words ${options.flatMap(({ flags }) => flags).join(' ')}`),
  );
  return `  for word in "\${typed[@]}"; do
    case "$at/$word" in
${below.map(({ path }) => branch(stepTo(path), `at='${path}'`)).join('\n')}
    esac
  done
  case "$at:$before" in
${values.join('\n')}
  esac
  case "$current" in
  -*)
    case "$at" in
${options.join('\n')}
    esac ;;
  *)
    case "$at" in
${commands.map((command) => branch(command.path, argumentOf(command))).join('\n')}
    esac ;;
  esac`;
}

const branch = (pattern: string, action: string) => `    '${pattern}') ${action} ;;`;

/** `account adopt` is reached from `account` by `adopt`. */
function stepTo(path: string): string {
  const words = path.split(' ');
  return `${words.slice(0, -1).join(' ')}/${words.at(-1)}`;
}

function valueBranch({ path }: CommandWords, { flags, wants }: OptionWords): string[] {
  if (wants === undefined) return [];
  return flags.map((flag) => branch(`${path}:${flag}`, `${offer(wants)}; return`));
}

function argumentOf({ subcommands, wants }: CommandWords): string {
  if (subcommands.length > 0) return `_onboard_words ${subcommands.map(({ name }) => name).join(' ')}`;
  return offer(wants ?? 'text');
}

function offer(wants: Wanted): string {
  if (wants === 'file') return '_onboard_files';
  if (wants === 'folder') return '_onboard_folders';
  return wants === 'text' ? ':' : `_onboard_words ${wants.choices.join(' ')}`;
}

function renderFish(commands: readonly CommandWords[]): string {
  return ['complete -c onboard -f', ...commands.flatMap(fishLines)].join('\n');
}

function fishLines({ path, subcommands, options, wants }: CommandWords): string[] {
  const words = path.split(' ').filter(Boolean);
  const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`);
  const below = `not __fish_seen_subcommand_from ${subcommands.map(({ name }) => name).join(' ')}`;
  const conditions = subcommands.length > 0 ? [...seen, below] : seen;
  const begin = `complete -c onboard -n '${conditions.join('; and ')}'`;
  return [
    ...subcommands.map(({ name, description }) => `${begin} -a ${name} -d ${quoted(description)}`),
    ...options.map((option) => `${begin} ${fishOption(option)}`),
    ...(wants === undefined || wants === 'text' ? [] : [`${begin} ${fishValue(wants)}`]),
  ];
}

function fishOption({ flags, description, wants }: OptionWords): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = wants === undefined ? [] : wants === 'text' ? ['-x'] : [fishValue(wants)];
  return [...names, ...value, '-d', quoted(description)].join(' ');
}

function fishValue(wants: Exclude<Wanted, 'text'>): string {
  if (wants === 'file') return '-r -F';
  return wants === 'folder' ? "-x -a '(__fish_complete_directories)'" : `-x -a '${wants.choices.join(' ')}'`;
}

const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
