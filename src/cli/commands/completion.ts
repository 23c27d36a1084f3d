import { Argument, type Command } from 'commander';
import { wordsOf } from '../completion.ts';
import { renderCompletion, SHELLS, type Shell } from '../completion-scripts.ts';
import { print } from '../output.ts';

const EXAMPLES = `
Examples:
  $ source <(onboard completion bash)         # in ~/.bashrc
  $ source <(onboard completion zsh)          # in ~/.zshrc, after compinit
  $ onboard completion fish | source          # in ~/.config/fish/config.fish`;

export function define(command: Command): void {
  command
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(SHELLS))
    .option('--json', 'print the words as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (shell: Shell, { json }: { json?: true }) => {
      const words = wordsOf(command.parent ?? command);
      await print(json ? JSON.stringify(words) : renderCompletion(shell, words));
    });
}
