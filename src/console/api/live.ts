/** News from the server as they happen. While the connection is lost, whoever listens asks for the state instead. */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { base } from './client.ts';

/** Whether news arrive: `off` where nothing is listened to. */
export const connection = signal<'off' | 'connecting' | 'live' | 'lost'>('off');

const RETRY_FIRST_MS = 1_000;
const RETRY_MOST_MS = 15_000;
/** A connection that lasted so long has worked: that it ended is no trouble, for the server ends each after a while. */
const WORKED_MS = 5_000;
/** The server says at least every 15 s that it is alive. */
const SILENT_MOST_MS = 45_000;

export interface Listening {
  /** Undefined for nothing. */
  path: string | undefined;
  /** By the name of the event. */
  on: Record<string, (data: unknown) => void>;
  /** Asks for the state: after the connection was lost, again and again until it is back, and then once more. */
  refresh(): void;
}

/** Listens as long as the component is there and its page can be seen: a browser has few connections to one host. */
export function useLive(listening: Listening): void {
  const latest = useRef(listening);
  latest.current = listening;
  const { path } = listening;
  // The names of events are those of the path
  useEffect(() => {
    if (path === undefined) return;
    const listener = new Listener(path, latest);
    const look = () => (document.hidden ? listener.stop() : listener.start());
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
      document.removeEventListener('visibilitychange', look);
      listener.stop();
    };
  }, [path]);
}

class Listener {
  readonly #path: string;
  readonly #latest: { current: Listening };
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #openedAt: number | undefined;
  /** One after the other. */
  #failures = 0;
  #wasThere = false;

  constructor(path: string, latest: { current: Listening }) {
    this.#path = path;
    this.#latest = latest;
  }

  start(): void {
    if (connection.peek() !== 'lost') connection.value = 'connecting';
    const source = new EventSource(`${base}${this.#path}`);
    this.#source = source;
    for (const name of Object.keys(this.#latest.current.on))
      source.addEventListener(name, ({ data }: MessageEvent<string>) => {
        this.#heard();
        this.#latest.current.on[name]?.(JSON.parse(data));
      });
    source.addEventListener('alive', () => this.#heard());
    source.addEventListener('open', () => this.#opened());
    source.addEventListener('error', () => this.#failed());
    this.#heard();
  }

  stop(): void {
    this.#source?.close();
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    connection.value = 'off';
  }

  #opened(): void {
    connection.value = 'live';
    this.#openedAt = Date.now();
    this.#heard();
    // What happened meanwhile was not told.
    if (this.#wasThere) this.#latest.current.refresh();
    this.#wasThere = true;
  }

  /** A connection may be dead without an end: a proxy or a sleeping machine tells nobody. */
  #heard(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#failed(), SILENT_MOST_MS);
  }

  /** A browser tries again by itself only where the server did not answer; so it is done here for both. */
  #failed(): void {
    this.#source?.close();
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    if (this.#openedAt !== undefined && Date.now() - this.#openedAt >= WORKED_MS) this.#failures = 0;
    this.#openedAt = undefined;
    this.#failures += 1;
    this.#wasThere = true;
    // Once is no loss: that connection has ended, and the next one is there at once.
    if (this.#failures === 1) {
      this.start();
      return;
    }
    connection.value = 'lost';
    this.#latest.current.refresh();
    const wait = RETRY_FIRST_MS * 2 ** (this.#failures - 2);
    this.#timer = setTimeout(() => this.start(), Math.min(wait, RETRY_MOST_MS));
  }
}
