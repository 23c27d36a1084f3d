/** Bytes of an upload on their way: counted, timed and digested. */
import { createHash, type Hash } from 'node:crypto';
import type { UploadLimits } from './limits.ts';
import { tooLarge, tooSlow } from './refusals.ts';

export class UploadWatch {
  readonly #limits: UploadLimits;
  readonly #whole = createHash('sha256');
  readonly #late: Promise<never>;
  readonly #end: NodeJS.Timeout;
  #silence: NodeJS.Timeout;
  /** Made when it is needed: most uploads are only taken, and aborting costs more than all else here. */
  #stopping: AbortController | undefined;
  /** What is made of bytes that came. */
  #working: Promise<unknown> = Promise.resolve();
  #bytes = 0;
  #isOver = false;

  constructor(limits: UploadLimits) {
    this.#limits = limits;
    let late: () => void = () => undefined;
    this.#late = new Promise((_resolve, reject) => {
      late = () => reject(tooSlow());
    });
    // It may be late when nobody waits any more.
    this.#late.catch(() => undefined);
    this.#end = setTimeout(late, limits.withinMs);
    this.#silence = setTimeout(late, limits.silenceMs);
  }

  /** Fails as soon as the upload is too slow, whatever `work` waits for. */
  within<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#late]);
  }

  /** The bytes of a part as they come. @param name by which it differs from others of the same bytes */
  async *follow(name: string, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const part = createHash('sha256');
    let bytes = 0;
    for await (const chunk of content) {
      bytes += chunk.length;
      this.#count(chunk.length);
      if (bytes > this.#limits.partBytesMax) throw tooLarge('a part');
      part.update(chunk);
      yield chunk;
    }
    this.#add(name, part);
  }

  /** No bytes are waited for while something is made of those that came. @param work ends soon after its signal */
  async work<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#isOver) throw tooSlow();
    clearTimeout(this.#silence);
    this.#stopping ??= new AbortController();
    const working = work(this.#stopping.signal);
    this.#working = working.catch(() => undefined);
    try {
      return await working;
    } finally {
      if (!this.#isOver) this.#silence.refresh();
    }
  }

  /** A part that is there already. */
  take(name: string, value: string): void {
    this.#count(Buffer.byteLength(value));
    this.#add(name, createHash('sha256').update(value));
  }

  /** Over the parts in their order, by name and bytes. */
  digest(): string {
    return this.#whole.copy().digest('base64url');
  }

  /** Nothing more is taken, and nothing goes on when this resolves. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#stopping?.abort();
    clearTimeout(this.#end);
    clearTimeout(this.#silence);
    await this.#working;
  }

  #count(bytes: number): void {
    if (this.#isOver) throw tooSlow();
    this.#silence.refresh();
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.bytesMax) throw tooLarge('the upload');
  }

  #add(name: string, part: Hash): void {
    this.#whole.update(`${JSON.stringify(name)} ${part.digest('base64url')}\n`);
  }
}
