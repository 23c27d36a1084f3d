/** One open connection of server-sent events: text on its way to a client that may read slowly, or not at all. */
import { Readable } from 'node:stream';

/** What may wait for a client, in bytes; one that is further behind is dropped. */
const BEHIND_BYTES_MAX = 1024 * 1024;
const FINISH_WITHIN_MS = 1_000;
const BUFFER_BYTES = 64 * 1024;

export interface ServerEvent {
  event: string;
  data: unknown;
  id?: string | undefined;
}

/** As HTML's standard of server-sent events has it; JSON has no line breaks. */
export function formatEvent({ event, data, id }: ServerEvent): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}

export class EventStream extends Readable {
  #isOver = false;
  #wanted: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: BUFFER_BYTES });
    this.once('close', () => {
      this.#isOver = true;
      this.#wanted?.();
    });
  }

  override _read(): void {
    this.#wanted?.();
  }

  send(event: ServerEvent): void {
    this.sendText(formatEvent(event));
  }

  sendText(text: string): void {
    if (this.#isOver) return;
    this.push(text);
    if (this.readableLength <= BEHIND_BYTES_MAX) return;
    this.#isOver = true;
    this.destroy();
  }

  /** Resolves when the client has read nearly everything, or is gone. @returns whether it is still there */
  async caughtUp(): Promise<boolean> {
    while (!this.#isOver && this.readableLength >= BUFFER_BYTES)
      await new Promise<void>((resolve) => {
        this.#wanted = resolve;
      });
    return !this.#isOver;
  }

  /** Ends it after what was sent, and soon even if that is not read. */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.push(null);
    setTimeout(() => this.destroy(), FINISH_WITHIN_MS).unref();
  }
}
