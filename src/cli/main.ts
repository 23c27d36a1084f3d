#!/usr/bin/env node
/** The command line: one file for each command in `commands/`. */
import { Command, CommanderError } from 'commander';
import { addBatches } from './commands/batches.ts';
import { addCancel } from './commands/cancel.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addImport } from './commands/import.ts';
import { addLog } from './commands/log.ts';
import { addPause } from './commands/pause.ts';
import { addPurge } from './commands/purge.ts';
import { addResults } from './commands/results.ts';
import { addResume } from './commands/resume.ts';
import { addRetry } from './commands/retry.ts';
import { addSchedule } from './commands/schedule.ts';
import { addServe } from './commands/serve.ts';
import { addSettle } from './commands/settle.ts';
import { addSimulate } from './commands/simulate.ts';
import { addStatus } from './commands/status.ts';
import { addTemplate } from './commands/template.ts';
import { addValidate } from './commands/validate.ts';
import { addWorker } from './commands/worker.ts';
import { describeError, EXIT, exitCodeOf } from './exit.ts';
import { say } from './output.ts';

const COMMANDS = [
  addTemplate,
  addValidate,
  addImport,
  addBatches,
  addStatus,
  addResults,
  addLog,
  addRetry,
  addCancel,
  addPause,
  addResume,
  addSettle,
  addPurge,
  addSchedule,
  addDoctor,
  addWorker,
  addServe,
  addSimulate,
  addDemo,
];

await main();

async function main(): Promise<void> {
  const program = new Command('onboard')
    .description(
      "registers an ISV's customers with Alibaba Cloud Chat App: once each, as fast as the limit allows",
    )
    .showHelpAfterError('(add --help for the options)')
    .showSuggestionAfterError()
    .exitOverride();
  for (const add of COMMANDS) add(program);
  for (const command of program.commands) command.exitOverride();
  // Ctrl-C while a batch is watched: the batch goes on, only the watching ends.
  const interrupt = () => process.exit(EXIT.interrupted);
  if (!['worker', 'serve', 'simulate', 'demo'].includes(process.argv[2] ?? ''))
    process.once('SIGINT', interrupt);
  try {
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
