import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { wordsOf } from '../../src/cli/completion.ts';
import { renderCompletion } from '../../src/cli/completion-scripts.ts';
import { createProgram } from '../../src/cli/program.ts';

const wordsOfAll = async () => wordsOf(await createProgram({ loads: () => true }));

/** Asks a real bash what it offers after each line. */
function offered(script: string, lines: readonly string[][]): string[] {
  const asks = lines.map(
    (words) => `ask ${words.map((word) => `'${word}'`).join(' ')}; echo "\${COMPREPLY[*]}"`,
  );
  const ask = 'ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _onboard; }; compopt() { :; }';
  const text = execFileSync('bash', ['--norc', '-c', [script, ask, ...asks].join('\n')], {
    encoding: 'utf8',
  });
  return text.trimEnd().split('\n');
}

it('bash completes commands, options, their values, files and folders', async () => {
  const script = renderCompletion('bash', await wordsOfAll());
  const lines = [
    [['onboard', 'imp'], 'import'],
    [['onboard', 'import', '--agre'], '--agreements'],
    [['onboard', 'import', '--agreements', 'test/cl'], 'test/cli'],
    [['onboard', 'import', 'CONTRI'], 'CONTRIBUTING.md'],
    [['onboard', 'import', '--format', ''], expect.stringContaining('csv ndjson xlsx')],
    [['onboard', 'account', 'ad'], 'adopt'],
    [['onboard', 'account', 'adopt', 'x', '--as', 're'], 'real rehearsal'],
    [['onboard', 'results', 'import', '--succ'], '--succeeded'],
    [['onboard', 'completion', 'z'], 'zsh'],
    [['onboard', 'status', 'READ'], ''],
    [['onboard', 'retry', 'b', '-'], expect.stringContaining('--all-failed')],
  ] as const;
  expect(
    offered(
      script,
      lines.map(([words]) => [...words]),
    ),
  ).toEqual(lines.map(([, answer]) => answer));
});

it('zsh and fish get the same words', async () => {
  const words = await wordsOfAll();
  const zsh = renderCompletion('zsh', words);
  expect(zsh).toMatch(/^#compdef onboard\n/);
  expect(zsh).toContain("'account adopt:--as') _onboard_words real rehearsal; return ;;");
  const fish = renderCompletion('fish', words);
  expect(fish).toMatch(/^complete -c onboard -f\n/);
  expect(fish).toContain("-l agreements -x -a '(__fish_complete_directories)'");
});

it('every command can print JSON', async () => {
  const leaves = (await wordsOfAll()).filter(({ subcommands }) => subcommands.length === 0);
  const without = leaves.filter(({ options }) => !options.some(({ flags }) => flags.includes('--json')));
  expect(without.map(({ path }) => path)).toEqual([]);
});
