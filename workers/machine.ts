/**
 * What is wrong on this machine, for one account of this process: no credentials, a clock that is off, another agreement
 * store or none, a network that fails only here. That is no fault of a row or of the account, so this process takes no
 * jobs, gives back those that it has, and tests by itself when it can go on; the others do the work meanwhile.
 */
import { setMaxListeners } from 'node:events';
import type { ErrorCode } from '../src/error-codes.ts';
import { AppError } from '../src/errors.ts';
import type { Logger } from '../src/logger.ts';
import { HOST_OF, type PeerHost } from '../src/pace/contact.ts';
import type { Operation } from '../src/pace/outage-operations.ts';
import { Contact, type Reach } from './contact.ts';
import { canConnect, type Tested, testClock, testCredentials, testStore } from './machine-tests.ts';

/** Time until the next test, in milliseconds: it doubles from the first to the longest. */
const TEST_FIRST_MS = 2_000;
const TEST_MS_MAX = 30_000;
/** The same while it is not known whether the network fails only here; it may have been a single call. */
const UNCLEAR_TEST_MS = 500;
/** Trouble that comes back within this time continues where its tests were, in milliseconds. */
const SAME_WITHIN_MS = 60_000;
/** How often the clock is compared while all is well, in milliseconds. */
const CLOCK_EVERY_MS = 60_000;

/** What it can be. */
export const TROUBLE_KINDS = ['credentials', 'clock', 'store', 'network'] as const;
export type TroubleKind = (typeof TROUBLE_KINDS)[number];

interface Trouble {
  text: string;
  hint: string;
  /** False until it is certain. */
  isSaid: boolean;
}

const KIND_OF: Partial<Record<ErrorCode, TroubleKind>> = {
  CREDENTIALS_UNAVAILABLE: 'credentials',
  STORE_UNREACHABLE: 'store',
  STORE_MISMATCH: 'store',
  PEER_UNREACHABLE: 'network',
  // Before the request could leave.
  PEER_TIMEOUT: 'network',
};

const NETWORK_HINT = 'Check the network, the name service and the firewall of this machine.';

/** What takes jobs: a worker of BullMQ. */
export interface JobTaker {
  run(): Promise<void>;
  isPaused(): boolean;
  pause(doNotWaitActive: boolean): Promise<void>;
  resume(): Promise<void>;
  emit(event: 'error', error: Error): boolean;
}

export interface MachineOptions extends Tested {
  logger: Logger;
}

export class Machine {
  /** Where each host of the peer is; that of OSS is known once an agreement was to be uploaded. */
  readonly addresses: Partial<Record<PeerHost, string>>;
  readonly #options: MachineOptions;
  readonly #contact: Contact;
  readonly #troubles = new Map<TroubleKind, Trouble>();
  /** Hosts to which no connection came about. */
  readonly #unreached = new Map<PeerHost, Reach>();
  #takers: readonly JobTaker[] = [];
  #leaving = createLeaving();
  #timer: NodeJS.Timeout | undefined;
  /** Tests that failed since it was last well for a while. */
  #tests = 0;
  #wellSince = Number.NEGATIVE_INFINITY;
  /** Whether the log says that it takes no jobs. */
  #hasSaid = false;
  #isTesting = false;
  #isStopped = false;

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#contact = new Contact({ redis: options.redis, account: options.account.ledger });
    this.addresses = { chatApp: options.account.endpoint };
  }

  /** Aborted when this process stops taking jobs: a call that was not sent yet is given back. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Whether this process takes no jobs of the account now. */
  get isHeld(): boolean {
    return this.#troubles.size > 0;
  }

  /** Why; empty if it takes jobs. */
  get troubles(): TroubleKind[] {
    return [...this.#troubles.keys()];
  }

  /** Tests this machine, and lets the takers take jobs once it is fit. They must not run yet. */
  async start(takers: readonly JobTaker[]): Promise<void> {
    this.#takers = takers;
    await this.#test();
  }

  /** Takes no jobs until what the error says is over. */
  hold(error: AppError): void {
    const kind = KIND_OF[error.code] ?? 'clock';
    // Whether the network fails only here was decided by `isUnreachable`.
    if (kind !== 'network') this.#hold(kind, error);
  }

  /** Whether the clock here is off, asked before something is noted by it. It takes no jobs then. */
  async isClockOff(): Promise<boolean> {
    if (!this.#troubles.has('clock'))
      await this.#check('clock', () => testClock(this.#options, { isRefused: false }));
    return this.#troubles.has('clock');
  }

  /** Whether a call could not be sent because of this machine, or it is too early to tell. It takes no jobs then. */
  async isUnreachable(operation: Operation): Promise<boolean> {
    const host = HOST_OF[operation];
    const reach = await this.#contact.judge(host);
    if (reach === 'everywhere') return false;
    this.#unreached.set(host, reach);
    this.#holdForNetwork();
    return true;
  }

  /** The peer has answered, whatever it said. */
  noteAnswer(operation: Operation): void {
    this.#contact.noteAnswer(operation);
  }

  /** The process ends: nothing is tested any more, and calls that were not sent yet are given back. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#leaving.abort();
  }

  /** For people: why this process takes no jobs and what to do; empty if it does. Heartbeats say since when. */
  describe(): string {
    return [...this.#troubles.values()].map(({ text, hint }) => `${text} ${hint}`).join(' ');
  }

  #hold(kind: TroubleKind, { message, hint }: AppError, isSure = true): void {
    const known = this.#troubles.get(kind);
    this.#troubles.set(kind, { text: message, hint, isSaid: known?.isSaid === true || isSure });
    const text = `this process takes no jobs: ${message}`;
    if (isSure && !known?.isSaid) this.#options.logger.error({ event: 'machine_trouble', kind, hint }, text);
    this.#hasSaid ||= isSure;
    if (this.#troubles.size > 1 || known) return;
    for (const taker of this.#takers) void taker.pause(true);
    this.#leaving.abort();
    if (performance.now() - this.#wellSince > SAME_WITHIN_MS) this.#tests = 0;
    if (!this.#isTesting) this.#testLater();
  }

  #holdForNetwork(): void {
    const isSure = [...this.#unreached.values()].includes('here');
    const names = [...this.#unreached.keys()]
      .map((host) => (host === 'oss' ? 'OSS' : 'Chat App'))
      .join(' and ');
    const message = isSure
      ? `${names} cannot be reached from this machine, while another process reaches it.`
      : `${names} cannot be reached; it is not yet known whether from everywhere.`;
    this.#hold('network', new AppError('PEER_UNREACHABLE', message, { hint: NETWORK_HINT }), isSure);
  }

  async #test(): Promise<void> {
    this.#isTesting = true;
    await Promise.all([
      this.#check('credentials', () => testCredentials(this.#options)),
      this.#check('store', () => testStore(this.#options)),
      this.#check('clock', () => testClock(this.#options, { isRefused: this.#troubles.has('clock') })),
      this.#testNetwork(),
    ]);
    this.#isTesting = false;
    if (this.#isStopped) return;
    if (this.isHeld) this.#testLater();
    else this.#takeJobs();
  }

  /** What cannot be tested because of something else, such as Redis, stays as it is. */
  async #check(kind: TroubleKind, test: () => Promise<void>): Promise<void> {
    try {
      await test();
      this.#troubles.delete(kind);
    } catch (error) {
      if (error instanceof AppError) this.#hold(kind, error);
    }
  }

  async #testNetwork(): Promise<void> {
    for (const host of [...this.#unreached.keys()]) {
      const address = this.addresses[host];
      const isReached = address === undefined || (await canConnect(address, this.#options.settings.proxy));
      if (isReached) this.#contact.forget(host);
      // Out of reach for everybody: then it is the outage of the account.
      if (isReached || (await this.#isOutageNow(host))) this.#unreached.delete(host);
    }
    if (this.#unreached.size > 0) this.#holdForNetwork();
    else this.#troubles.delete('network');
  }

  /** Whether a host that was perhaps out of reach only from here proves to be so for everybody. */
  async #isOutageNow(host: PeerHost): Promise<boolean> {
    // Once it is certain, others may have nothing to send for a while, and that changes nothing here.
    if (this.#unreached.get(host) === 'here') return false;
    const reach = await this.#contact.judge(host).catch(() => 'unclear' as const);
    this.#unreached.set(host, reach);
    return reach === 'everywhere';
  }

  #testLater(): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    const isClear = [...this.#troubles.values()].some(({ isSaid }) => isSaid);
    const waitMs = isClear ? Math.min(TEST_FIRST_MS * 2 ** this.#tests, TEST_MS_MAX) : UNCLEAR_TEST_MS;
    if (isClear) this.#tests += 1;
    this.#timer = setTimeout(() => this.#test(), waitMs);
  }

  #takeJobs(): void {
    if (this.#leaving.signal.aborted) this.#leaving = createLeaving();
    if (this.#hasSaid) this.#options.logger.info({ event: 'machine_well' }, 'this process takes jobs again');
    this.#hasSaid = false;
    this.#wellSince = performance.now();
    for (const taker of this.#takers)
      if (taker.isPaused()) void taker.resume();
      else taker.run().catch((error: Error) => taker.emit('error', error));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#compareClock(), CLOCK_EVERY_MS);
  }

  async #compareClock(): Promise<void> {
    await this.isClockOff();
    if (this.isHeld || this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#compareClock(), CLOCK_EVERY_MS);
  }
}

/** Every call that waits for its slot listens. */
function createLeaving(): AbortController {
  const leaving = new AbortController();
  setMaxListeners(0, leaving.signal);
  return leaving;
}
