import type { Command } from 'commander';
import { openAgreementFolder } from '../../agreement/folder.ts';
import { validateSource } from '../../batch/validate-source.ts';
import type { RowProblem } from '../../customer/validate.ts';
import { plural, renderDuration } from '../../text.ts';
import { loadSettings } from '../context.ts';
import { EXIT } from '../exit.ts';
import { print, say } from '../output.ts';
import { addSourceOptions, readSource, renderProblem, type SourceOptions } from '../source.ts';

export function addValidate(program: Command): void {
  addSourceOptions(program.command('validate'))
    .description('check a file of customers and their agreements; needs no Redis and enqueues nothing')
    .option('--json', 'print each problem as one line of JSON')
    .addHelpText('after', '\nExample:\n  $ onboard validate customers.csv --agreements ./signed')
    .action(async (file: string, options: SourceOptions & { json?: true }) => {
      const { config } = loadSettings();
      const folder = await openAgreementFolder(options.agreements);
      const render = options.json ? (problem: RowProblem) => JSON.stringify(problem) : renderProblem;
      const summary = await validateSource(
        { source: readSource(file, options), folder },
        {
          good: async () => undefined,
          bad: (_row, problems) => print(problems.map(render).join('\n')),
        },
      );
      const seconds = summary.good / config.CHATAPP_RATE_PER_SECOND;
      say(
        `Good: ${summary.good} of ${plural(summary.rows, 'row')}; ${plural(summary.problems, 'problem')}. Expected duration: ${renderDuration(seconds)}.`,
      );
      process.exitCode = summary.bad > 0 ? EXIT.inputInvalid : EXIT.done;
    });
}
