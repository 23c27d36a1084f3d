/** Every command with a sentence on what it does, in the order in which a newcomer needs them. */
import type { Command } from 'commander';

/** What a file in `commands/` exports. */
interface CommandModule {
  /** Adds arguments, options and the action. */
  define(command: Command): void;
}

export interface CommandEntry {
  name: string;
  description: string;
  /** What follows the name in the list of commands; the command itself, once loaded, knows better. */
  usage: string;
  load(): Promise<CommandModule>;
  /** Runs until a signal ends it, which it handles itself; or only the command below it that is named does. */
  endsBySignal?: true | string;
  /** It is about all commands, so all of them are loaded. */
  needsAll?: true;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'template',
    description: 'print a template, as CSV or XLSX: the header and one example row',
    usage: '[options]',
    load: () => import('./commands/template.ts'),
  },
  {
    name: 'validate',
    description: 'check a file of customers and their agreements; needs no Redis, enqueues nothing',
    usage: '[options] <file>',
    load: () => import('./commands/validate.ts'),
  },
  {
    name: 'import',
    description: 'check a file of customers and enqueue it as one batch; prints the batch id',
    usage: '[options] <file>',
    load: () => import('./commands/import.ts'),
  },
  {
    name: 'batches',
    description: 'list the newest batches of each account, with its pace and breaker',
    usage: '[options]',
    load: () => import('./commands/batches.ts'),
  },
  {
    name: 'status',
    description: 'show where a batch stands, or every account with its newest batches',
    usage: '[options] [batch]',
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'results',
    description:
      'write the result of every row: three files in a folder, or one kind to a file or standard output',
    usage: '[options] <batch>',
    load: () => import('./commands/results.ts'),
  },
  {
    name: 'log',
    description: 'show who did what to a batch, and when',
    usage: '[options] <batch>',
    load: () => import('./commands/log.ts'),
  },
  {
    name: 'retry',
    description: 'enqueue failed rows of a batch again as they are; you choose which',
    usage: '[options] <batch>',
    load: () => import('./commands/retry.ts'),
  },
  {
    name: 'cancel',
    description: 'stop sending a batch; calls in progress finish',
    usage: '[options] <batch>',
    load: () => import('./commands/cancel.ts'),
  },
  {
    name: 'pause',
    description: 'stop sending a batch or an account until `resume`; calls in progress finish',
    usage: '[options] [batch]',
    load: () => import('./commands/pause.ts'),
  },
  {
    name: 'resume',
    description: 'resume a paused batch, or an account that is paused or whose breaker is open',
    usage: '[options] [batch]',
    load: () => import('./commands/resume.ts'),
  },
  {
    name: 'priority',
    description: 'let a batch go before others, or after them; lower goes first',
    usage: '[options] <batch>',
    load: () => import('./commands/priority.ts'),
  },
  {
    name: 'settle',
    description: 'decide a parked row: its submit was sent, but the answer was lost',
    usage: '[options] <batch>',
    load: () => import('./commands/settle.ts'),
  },
  {
    name: 'review',
    description: "record how Alibaba Cloud's review of what was submitted has ended, which no call tells",
    usage: '[options] [batch]',
    load: () => import('./commands/review.ts'),
  },
  {
    name: 'reviews',
    description: 'list what awaits its review for too long',
    usage: '[options]',
    load: () => import('./commands/reviews.ts'),
  },
  {
    name: 'customer',
    description: 'tell everything still kept that happened to one customer, in any batch',
    usage: '[options] <id>',
    load: () => import('./commands/customer.ts'),
  },
  {
    name: 'purge',
    description:
      "delete a finished batch and its customers' data; only fingerprints of what was submitted, and reviews, are kept",
    usage: '[options] <batch>',
    load: () => import('./commands/purge.ts'),
  },
  {
    name: 'schedule',
    description: 'show when rows that failed for a temporary reason are retried, or set it with --cron',
    usage: '[options]',
    load: () => import('./commands/schedule.ts'),
  },
  {
    name: 'account',
    description:
      'say whom an account registers with after its endpoint has changed, go on after a restore of Redis, or free an access key',
    usage: '[command]',
    load: () => import('./commands/account.ts'),
  },
  {
    name: 'alert',
    description: 'test those who are alerted when a person should know',
    usage: '[command]',
    load: () => import('./commands/alert.ts'),
  },
  {
    name: 'user',
    description: 'say who may log in to the pages, and with which role',
    usage: '[command]',
    load: () => import('./commands/user.ts'),
  },
  {
    name: 'key',
    description: 'make, list and revoke keys for the HTTP API',
    usage: '[command]',
    load: () => import('./commands/key.ts'),
  },
  {
    name: 'doctor',
    description: 'check the configuration, Redis, the agreement store and every account, and say what to fix',
    usage: '[options]',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'worker',
    description: 'run the workers until SIGTERM or Ctrl-C; start as many as you like',
    usage: '[options]',
    load: () => import('./commands/worker.ts'),
    endsBySignal: true,
  },
  {
    name: 'serve',
    description: 'serve the console, the HTTP API, metrics and the health check until SIGTERM or Ctrl-C',
    usage: '[options]',
    load: () => import('./commands/serve.ts'),
    endsBySignal: true,
  },
  {
    name: 'koogallery',
    description:
      "serve the seller's side of Huawei Cloud KooGallery, see what became of its calls, report usage, probe an endpoint, check a template",
    usage: '[command]',
    load: () => import('./commands/koogallery.ts'),
    endsBySignal: 'serve',
  },
  {
    name: 'simulate',
    description:
      'run simulated Chat App and OSS on this machine; prints the variables that direct `onboard` to them',
    usage: '[options]',
    load: () => import('./commands/simulate.ts'),
    endsBySignal: true,
  },
  {
    name: 'demo',
    description:
      'run everything on this machine: Redis, simulators, workers, the console and an import of the examples',
    usage: '[options]',
    load: () => import('./commands/demo.ts'),
    endsBySignal: true,
  },
  {
    name: 'completion',
    description: 'print a script that completes the words of `onboard` in bash, zsh or fish',
    usage: '[options] <shell>',
    load: () => import('./commands/completion.ts'),
    needsAll: true,
  },
];
