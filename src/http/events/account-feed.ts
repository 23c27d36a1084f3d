/** What happens in one account, read once for everybody who watches it. */
import type { AccountWatch } from '../../batch/watch.ts';
import { type AccountJson, toAccount } from '../json/account.ts';
import { toWatched } from '../json/batch.ts';
import type { FeedOptions } from './batch-feed.ts';
import { formatEvent } from './event-stream.ts';
import { Poll } from './poll.ts';

const LOOK_EVERY_MS = 1_000;

export interface AccountWatcher {
  /** Something about a batch, as text of an event. */
  onBatch(text: string): void;
  /** The account as a whole has changed. */
  onAccount(): void;
  /** Nothing more can be told: Redis is away. */
  onLost(): void;
}

export class AccountFeed {
  readonly #watch: AccountWatch;
  readonly #options: FeedOptions;
  readonly #watchers = new Set<AccountWatcher>();
  /** The last event about each batch. */
  #batches = new Map<string, { text: string; isFinished: boolean }>();
  #account: { view: AccountJson; text: string } | undefined;
  #starting: Promise<void> | undefined;
  #poll: Poll | undefined;

  constructor(watch: AccountWatch, options: FeedOptions) {
    this.#watch = watch;
    this.#options = options;
  }

  get account(): AccountJson | undefined {
    return this.#account?.view;
  }

  /** The last event about each batch that is not finished. */
  unfinished(): string[] {
    return [...this.#batches.values()].filter(({ isFinished }) => !isFinished).map(({ text }) => text);
  }

  /** @returns when it is known how the account stands. @throws if Redis does not answer */
  async add(watcher: AccountWatcher): Promise<void> {
    this.#watchers.add(watcher);
    this.#starting ??= this.#start();
    await this.#starting;
  }

  remove(watcher: AccountWatcher): void {
    if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return;
    this.end();
    this.#options.onEmpty();
  }

  end(): void {
    this.#poll?.stop();
  }

  async #start(): Promise<void> {
    await this.#look();
    this.#poll = new Poll(() => this.#look(), {
      everyMs: LOOK_EVERY_MS,
      onError: this.#options.onError,
      onLost: () => this.#lose(),
    });
    if (this.#watchers.size === 0) this.#poll.stop();
  }

  #lose(): void {
    for (const watcher of this.#watchers) watcher.onLost();
    this.#watchers.clear();
    this.#options.onEmpty();
  }

  async #look(): Promise<void> {
    const { account, batches } = await this.#watch.look();
    const before = this.#batches;
    this.#batches = new Map(
      batches.map((seen) => [
        seen.batch.id,
        {
          text: formatEvent({ event: 'batch', data: toWatched(seen) }),
          isFinished: seen.batch.state === 'finished',
        },
      ]),
    );
    // At the first look there is nobody who has seen anything else.
    const isFirst = this.#account === undefined;
    for (const [id, { text }] of isFirst ? [] : this.#batches)
      if (text !== before.get(id)?.text) for (const watcher of this.#watchers) watcher.onBatch(text);
    const view = toAccount(account);
    const text = JSON.stringify(view);
    if (text === this.#account?.text) return;
    this.#account = { view, text };
    if (!isFirst) for (const watcher of this.#watchers) watcher.onAccount();
  }
}
