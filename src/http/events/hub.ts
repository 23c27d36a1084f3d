/** All open connections of server-sent events of this process, and the feeds that they share: one for each batch and account. */
import type { Onboarding } from '../../index.ts';
import { type Logger, rarely, TROUBLE_EVERY_MS } from '../../logger.ts';
import { AccountFeed, type AccountWatcher } from './account-feed.ts';
import { BatchFeed, type FeedOptions } from './batch-feed.ts';
import { EventStream, formatEvent } from './event-stream.ts';

const HEARTBEAT_EVERY_MS = 15_000;
/** A client that connects again proves anew that it may. */
const LIFE_MS = 10 * 60_000;
/** Clients connect again after this long, in milliseconds. */
const RETRY_MS = 2_000;
/** An event, not a comment: those are hidden from scripts by `EventSource`. */
const HEARTBEAT = formatEvent({ event: 'alive', data: {} });

export interface HubOptions {
  onboarding: Pick<Onboarding, 'watchBatch' | 'watchAccounts'>;
  logger: Logger;
}

export class EventHub {
  readonly #options: HubOptions;
  readonly #streams = new Set<EventStream>();
  readonly #batches = new Map<string, BatchFeed>();
  readonly #accounts = new Map<string, AccountFeed>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #onError: (error: Error) => void;
  #isClosed = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#onError = rarely(TROUBLE_EVERY_MS, (error: Error) =>
      options.logger.warn({ event: 'events_unread', error: error.message }, 'cannot read what happens'),
    );
    this.#heartbeat = setInterval(() => {
      for (const stream of this.#streams) stream.sendText(HEARTBEAT);
    }, HEARTBEAT_EVERY_MS);
  }

  /** @throws AppError BATCH_UNKNOWN; an error of Redis */
  async openBatch(batchId: string, lastEventId: string | undefined): Promise<EventStream> {
    // Before anything is opened: whether there is such a batch.
    const watch = await this.#options.onboarding.watchBatch(batchId);
    const feed =
      this.#batches.get(batchId) ?? new BatchFeed(watch, this.#feedOptions(this.#batches, batchId));
    this.#batches.set(batchId, feed);
    const stream = this.#open();
    // Telling what it has missed may take long; a client that gives up meanwhile is gone, and that is all.
    feed.add(stream, lastEventId).catch((error: Error) => this.#fail(stream, error));
    return stream;
  }

  /** @param account of those that belong to one; all by default. @throws AppError ACCOUNT_UNKNOWN; an error of Redis */
  async openAll(account: string | undefined): Promise<EventStream> {
    const watches = await this.#options.onboarding.watchAccounts({ account });
    const feeds = watches.map((watch) => {
      const { name } = watch;
      const feed =
        this.#accounts.get(name) ?? new AccountFeed(watch, this.#feedOptions(this.#accounts, name));
      this.#accounts.set(name, feed);
      return feed;
    });
    const stream = this.#open();
    const tellAccounts = () =>
      stream.send({ event: 'accounts', data: { accounts: feeds.flatMap((feed) => feed.account ?? []) } });
    const watcher: AccountWatcher = {
      onBatch: (text) => stream.sendText(text),
      onAccount: tellAccounts,
      onLost: () => stream.finish(),
    };
    stream.once('close', () => {
      for (const feed of feeds) feed.remove(watcher);
    });
    try {
      await Promise.all(feeds.map((feed) => feed.add(watcher)));
    } catch (error) {
      stream.destroy();
      throw error;
    }
    for (const text of feeds.flatMap((feed) => feed.unfinished())) stream.sendText(text);
    tellAccounts();
    return stream;
  }

  /** Ends every connection. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    for (const stream of this.#streams) stream.finish();
    for (const feed of [...this.#batches.values(), ...this.#accounts.values()]) feed.end();
  }

  #open(): EventStream {
    const stream = new EventStream();
    this.#streams.add(stream);
    const life = setTimeout(() => stream.finish(), LIFE_MS);
    stream.once('close', () => {
      clearTimeout(life);
      this.#streams.delete(stream);
    });
    stream.sendText(`retry: ${RETRY_MS}\n\n`);
    if (this.#isClosed) stream.finish();
    return stream;
  }

  #fail(stream: EventStream, error: Error): void {
    this.#onError(error);
    stream.finish();
  }

  #feedOptions(feeds: Map<string, unknown>, key: string): FeedOptions {
    return { onEmpty: () => feeds.delete(key), onError: this.#onError };
  }
}
