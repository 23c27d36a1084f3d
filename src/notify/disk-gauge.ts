/** How full the disk of a folder is. */
import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import pTimeout from 'p-timeout';

/** A network file system that is away may never answer, and each question to it takes one of the few threads for files. */
const ANSWER_MS_MAX = 2_000;

type Ask = (folder: string) => Promise<StatsFs>;

/** Asks how full the disk of a folder is, one question at a time. */
export class DiskGauge {
  readonly #folder: string;
  readonly #ask: Ask;
  #asked: Promise<StatsFs | undefined> | undefined;

  constructor(folder: string, ask: Ask = (of) => statfs(of)) {
    this.#folder = folder;
    this.#ask = ask;
  }

  /** @returns undefined if nothing was stored there yet, or if there is no answer now */
  read(): Promise<StatsFs | undefined> {
    this.#asked ??= this.#ask(this.#folder)
      .catch(() => undefined)
      .finally(() => {
        this.#asked = undefined;
      });
    return pTimeout(this.#asked, { milliseconds: ANSWER_MS_MAX, fallback: () => undefined });
  }
}
