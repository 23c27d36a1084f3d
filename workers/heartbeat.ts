/** The heartbeats of this process for one account: a timer that runs as long as the process works. */
import type { OpenAccount } from '../src/onboarding/open-account.ts';
import { Complaints } from './complaints.ts';

/** Shown while calls in progress finish. */
const STOPPING = 'stopping';

export interface HeartbeatOptions {
  account: Pick<OpenAccount, 'heartbeats' | 'redis' | 'logger'>;
  /** `WORKING`, or in a few words why this process takes no jobs; asked at each beat. */
  state: () => string;
  /** The kind of that reason, which stays while its words may change; by default the words. */
  kind?: () => string;
  /** What else is to be looked at every time. */
  look?: () => Promise<void>;
}

export class Heartbeat {
  readonly #account: HeartbeatOptions['account'];
  readonly #complaints: Complaints;
  #look: HeartbeatOptions['look'];
  #state: () => string;
  #kind: HeartbeatOptions['kind'];
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;

  constructor({ account, state, kind, look }: HeartbeatOptions) {
    this.#account = account;
    this.#look = look;
    this.#state = state;
    this.#kind = kind;
    this.#complaints = new Complaints(account.logger, 'heartbeat_failed');
  }

  /** Resolves after the first beat, which must come before the first job. */
  async begin(): Promise<void> {
    await this.#beat();
  }

  async #beat(): Promise<void> {
    await this.#account.heartbeats.beat(this.#state(), this.#kind?.());
  }

  start(): void {
    this.#timer = setInterval(this.beatNow, this.#account.heartbeats.timing.everyMs);
    // This may be another server, or one that has forgotten us.
    this.#account.redis.on('ready', this.beatNow);
  }

  /** Tells at once: for a change of state that people should not wait for. */
  readonly beatNow = (): void => {
    // While Redis is away, one beat waits for it; a second one must not.
    this.#beating ??= this.#lookAndBeat().finally(() => {
      this.#beating = undefined;
    });
  };

  async #lookAndBeat(): Promise<void> {
    await this.#complaints.guard('look', async () => this.#look?.());
    await this.#complaints.guard('heartbeat', () => this.#beat());
  }

  /** Takes no more jobs from now on, but still lives: a call may be in progress. */
  stopSoon(): void {
    this.#state = () => STOPPING;
    this.#kind = undefined;
    // There is little time, and others look too.
    this.#look = undefined;
    this.beatNow();
  }

  /** Is gone at once, so that nobody waits for this process. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#account.redis.off('ready', this.beatNow);
    await this.#beating;
    await this.#complaints.guard('heartbeat', () => this.#account.heartbeats.leave());
  }
}
