/** What happens to one batch, read once for everybody who watches it. */
import type { BatchWatch } from '../../batch/watch.ts';
import { isEventAfter, type RowEvent } from '../../ledger/row-events.ts';
import { toWatched } from '../json/batch.ts';
import { isoOf } from '../json/times.ts';
import { type EventStream, formatEvent } from './event-stream.ts';
import { Poll } from './poll.ts';

/** Twice a second. */
const LOOK_EVERY_MS = 500;
const EVENTS_AT_A_TIME = 500;
const EVENT_ID = /^\d{1,15}-\d{1,15}$/;

export interface FeedOptions {
  /** Nobody watches any more. */
  onEmpty(): void;
  onError(error: Error): void;
}

interface Watcher {
  stream: EventStream;
  /** What came while this one is still told what it has missed. */
  held: RowEvent[] | undefined;
}

export class BatchFeed {
  readonly #watch: BatchWatch;
  readonly #options: FeedOptions;
  readonly #watchers = new Set<Watcher>();
  /** Id of the last event that was read. */
  #position = '';
  /** The last event about the batch as a whole. */
  #current = '';
  #starting: Promise<void> | undefined;
  #poll: Poll | undefined;

  constructor(watch: BatchWatch, options: FeedOptions) {
    this.#watch = watch;
    this.#options = options;
  }

  /** @param lastEventId of the connection before, which this one resumes. @throws if Redis does not answer */
  async add(stream: EventStream, lastEventId: string | undefined): Promise<void> {
    const watcher: Watcher = { stream, held: [] };
    this.#watchers.add(watcher);
    stream.once('close', () => this.#remove(watcher));
    this.#starting ??= this.#start();
    try {
      await this.#starting;
      this.#release(watcher, await this.#begin(stream, lastEventId));
    } catch (error) {
      this.#remove(watcher);
      throw error;
    }
  }

  /** @returns the id of the last event that it was told */
  async #begin(stream: EventStream, lastEventId: string | undefined): Promise<string> {
    if (lastEventId !== undefined) return this.#replay(stream, lastEventId);
    const position = this.#position;
    // With an id, so that a client whose connection is lost before the first row knows where to resume.
    stream.sendText(withId(this.#current, position));
    return position;
  }

  end(): void {
    this.#poll?.stop();
    for (const { stream } of this.#watchers) stream.finish();
    this.#watchers.clear();
    this.#options.onEmpty();
  }

  async #start(): Promise<void> {
    this.#position = await this.#watch.lastEventId();
    await this.#lookAtBatch();
    this.#poll = new Poll(() => this.#look(), {
      everyMs: LOOK_EVERY_MS,
      onError: this.#options.onError,
      // Whoever asks again is told that Redis is away.
      onLost: () => this.end(),
    });
    if (this.#watchers.size === 0) this.#poll.stop();
  }

  async #look(): Promise<void> {
    await this.#readEvents();
    await this.#lookAtBatch();
  }

  async #readEvents(): Promise<void> {
    for (;;) {
      const events = await this.#watch.eventsAfter(this.#position, EVENTS_AT_A_TIME);
      const last = events.at(-1);
      if (last === undefined) return;
      this.#position = last.id;
      const text = events.map(rowText).join('');
      for (const { stream, held } of this.#watchers)
        if (held === undefined) stream.sendText(text);
        else held.push(...events);
      if (events.length < EVENTS_AT_A_TIME) return;
    }
  }

  async #lookAtBatch(): Promise<void> {
    const seen = await this.#watch.look();
    // Whoever asks again is told that there is no such batch.
    if (seen === 'gone') return this.end();
    if (seen === undefined) return;
    const text = formatEvent({ event: 'batch', data: toWatched(seen) });
    if (text === this.#current) return;
    this.#current = text;
    for (const { stream, held } of this.#watchers) if (held === undefined) stream.sendText(text);
  }

  /** Tells what happened since, and that something is missing if it is. */
  async #replay(stream: EventStream, lastEventId: string): Promise<string> {
    const isId = EVENT_ID.test(lastEventId) && !isEventAfter(lastEventId, this.#position);
    const isWhole = isId && (await this.#watch.isComplete(lastEventId));
    if (!isWhole) stream.send({ event: 'gap', data: {} });
    stream.sendText(this.#current);
    let after = isId ? lastEventId : this.#position;
    for (;;) {
      const events = await this.#watch.eventsAfter(after, EVENTS_AT_A_TIME);
      stream.sendText(events.map(rowText).join(''));
      after = events.at(-1)?.id ?? after;
      if (events.length < EVENTS_AT_A_TIME || !(await stream.caughtUp())) return after;
    }
  }

  /** From here on it is told at once. */
  #release(watcher: Watcher, told: string): void {
    const { stream, held = [] } = watcher;
    watcher.held = undefined;
    const missed = held.filter(({ id }) => isEventAfter(id, told));
    if (missed.length > 0) stream.sendText(missed.map(rowText).join(''));
  }

  #remove(watcher: Watcher): void {
    if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return;
    this.#poll?.stop();
    this.#options.onEmpty();
  }
}

function rowText({ id, row, outcome, at, code }: RowEvent): string {
  return formatEvent({ event: 'row', id, data: { row, outcome, at: isoOf(at), code } });
}

const withId = (text: string, id: string) => `id: ${id}\n${text}`;
