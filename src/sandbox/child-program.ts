/**
 * A program in a process of its own, whose output one can wait for. Children do not stay behind: when SIGINT or SIGTERM
 * ends the parent, they get SIGTERM first (SIGKILL at a second one), and what still runs when it exits is killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import pTimeout from 'p-timeout';

/** How much of the end of each stream is kept, in characters. */
const OUTPUT_CHARACTERS_MAX = 4 * 1024 * 1024;
const SAYS_WITHIN_MS = 60_000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Where a stream goes: kept in `output`, shared with the parent, dropped, or into an open file. */
type Target = 'pipe' | 'inherit' | 'ignore' | number;

export interface ChildOptions {
  /** What runs. Default: this very Node, so that the parameters begin with a script. */
  file?: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Default: `pipe`. */
  stdout?: Target;
  /** Default: `pipe`. */
  stderr?: Target;
  /** Ends after the others when the parent is told to end: a Redis, which they need until their own end. */
  endsLast?: boolean;
  /** Hears nothing of Ctrl-C: the terminal tells only the parent, and the parent tells it, in good order. */
  isApart?: boolean;
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

type Stream = 'stdout' | 'stderr';

export class ChildProgram {
  /** What it has written so far to the streams that are piped. */
  readonly output: Record<Stream, string> = { stdout: '', stderr: '' };
  /** Resolves when it has ended and all of its output is here; rejects if it could not be started. */
  readonly ended: Promise<Ended>;
  readonly endsLast: boolean;
  readonly #child: ChildProcess;
  /** Emits `output` after every piece. */
  readonly #news = new EventEmitter();

  /** @param parameters of Node: its own options, the script, the parameters of the script */
  constructor(parameters: readonly string[], options: ChildOptions = {}) {
    const { file = process.execPath, env, cwd, stdout = 'pipe', stderr = 'pipe' } = options;
    const detached = options.isApart === true;
    this.#child = spawn(file, parameters, { env, cwd, stdio: ['ignore', stdout, stderr], detached });
    this.#collect('stdout');
    this.#collect('stderr');
    this.ended = once(this.#child, 'close').then(([code, signal]) => ({ code, signal }));
    // Whoever waits is told; that nobody waits is no reason to end the parent.
    this.ended.catch(() => undefined);
    this.endsLast = options.endsLast === true;
    this.#endWithParent();
  }

  /** Undefined if the program could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when a stream holds the text; rejects when the program ends without it, or after a minute. */
  async says(text: string, stream: Stream = 'stderr'): Promise<void> {
    const waiting = new AbortController();
    const heard = this.#hear(text, stream, waiting.signal);
    const silent = this.ended.then(({ code, signal }) => {
      throw new Error(`ended with ${code ?? signal} before it said "${text}"`);
    });
    try {
      await pTimeout(Promise.race([heard, silent]), { milliseconds: SAYS_WITHIN_MS });
    } catch (cause) {
      throw new Error(`${this.#child.spawnargs.join(' ')}: not yet "${text}"\n${this.output.stderr}`, {
        cause,
      });
    } finally {
      waiting.abort();
    }
  }

  /** Sends a signal and does not wait for what it brings about. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Asks it to end, and waits until it has. Safe to call twice. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Ends it at once, and waits until it has. Safe to call twice. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(name: NodeJS.Signals): Promise<void> {
    if (this.isRunning) this.signal(name);
    // One that never started counts as ended.
    await this.ended.catch(() => undefined);
  }

  #collect(name: Stream): void {
    const stream = this.#child[name];
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      this.output[name] = (this.output[name] + piece).slice(-OUTPUT_CHARACTERS_MAX);
      this.#news.emit('output');
    });
  }

  async #hear(text: string, stream: Stream, signal: AbortSignal): Promise<void> {
    while (!this.output[stream].includes(text) && !signal.aborted)
      await once(this.#news, 'output', { signal }).catch(() => undefined);
  }

  #endWithParent(): void {
    if (running.size === 0) watchParent();
    running.add(this);
    const leave = () => {
      running.delete(this);
      if (running.size === 0) unwatchParent();
    };
    this.ended.then(leave, leave);
  }
}

const running = new Set<ChildProgram>();
/** A first signal has come. */
let isStopping = false;

function watchParent(): void {
  process.on('exit', killAll);
  for (const name of SIGNALS) process.on(name, stopAll);
}

function unwatchParent(): void {
  isStopping = false;
  process.off('exit', killAll);
  for (const name of SIGNALS) process.off(name, stopAll);
}

function killAll(): void {
  for (const program of running) program.signal('SIGKILL');
}

async function stopAll(name: NodeJS.Signals): Promise<void> {
  const how = isStopping ? 'SIGKILL' : 'SIGTERM';
  isStopping = true;
  const all = [...running];
  const isAlone = process.listenerCount(name) === 1;
  await endThose(
    all.filter(({ endsLast }) => !endsLast),
    how,
  );
  // A parent with a listener of its own decides how it ends; any other ends as if we were not listening.
  if (!isAlone) return;
  await endThose(all, how);
  unwatchParent();
  process.kill(process.pid, name);
}

async function endThose(programs: readonly ChildProgram[], how: NodeJS.Signals): Promise<void> {
  for (const program of programs) program.signal(how);
  await Promise.allSettled(programs.map(({ ended }) => ended));
}
