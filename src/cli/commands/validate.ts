import type { Command } from 'commander';
import type { RowProblem } from '../../customer/validate.ts';
import { plural, renderDuration } from '../../text.ts';
import { withOnboarding } from '../context.ts';
import { EXIT } from '../exit.ts';
import { print, say } from '../output.ts';
import { addSourceOptions, renderProblem, type SourceArguments, sourceOf } from '../source-options.ts';
import { WarningTeller } from '../warnings.ts';

const printWarnings = (warnings: readonly RowProblem[]) =>
  print(warnings.map((warning) => JSON.stringify({ ...warning, severity: 'warning' })).join('\n'));

export function define(command: Command): void {
  addSourceOptions(command)
    .option('--json', 'print each problem and each warning as one line of JSON')
    .addHelpText('after', '\nExample:\n  $ onboard validate customers.csv --agreements ./signed')
    .action(async (file: string, options: SourceArguments & { json?: true }) => {
      const render = options.json ? (problem: RowProblem) => JSON.stringify(problem) : renderProblem;
      const teller = new WarningTeller();
      const onWarning = options.json ? printWarnings : teller.tell;
      const { good, rows, problems, bad, seconds } = await withOnboarding((onboarding) =>
        onboarding.validate({
          ...sourceOf(file, options),
          onInvalid: (_row, found) => print(found.map(render).join('\n')),
          onWarning,
        }),
      );
      teller.summarise();
      const tally = `Good: ${good} of ${plural(rows, 'row')}; ${plural(problems, 'problem')}.`;
      say(`${tally} Expected duration: ${renderDuration(seconds)}.`);
      process.exitCode = bad > 0 ? EXIT.inputInvalid : EXIT.done;
    });
}
