/** A proxy whose connections can go silent: they stay open, but nothing comes through any more. */
import { EventEmitter, once } from 'node:events';
import { createServer, type Socket, connect as tcpConnect } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TcpProxy {
  /** The address of the server, through the proxy. */
  url: string;
  /** Connections accepted so far. */
  readonly count: number;
  /** Lets the connections that are open now go silent; new ones work. */
  silence(): void;
  /** The same for new connections too: they are accepted, but never answered. */
  silenceAll(): void;
  /**
   * Resolves when a client has sent the text once more.
   * @param then called at once: what has just come reaches the server, its answer can still be kept back
   */
  hears(text: string, then?: () => void): Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket;
}

/** @param url of one server, `redis://host:port` */
export async function startTcpProxy(url: string): Promise<TcpProxy> {
  const proxy = new SilencingProxy(new URL(url));
  await proxy.listen();
  onTestFinished(() => proxy.stop());
  return proxy;
}

class SilencingProxy implements TcpProxy {
  readonly #target: URL;
  // Half open: a silent network does not acknowledge a close either.
  readonly #listener = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  readonly #pairs = new Set<Pair>();
  readonly #heard = new EventEmitter();
  #isSilent = false;
  count = 0;

  constructor(target: URL) {
    this.#target = target;
    this.#heard.setMaxListeners(0);
  }

  async listen(): Promise<void> {
    this.#listener.listen(0, '127.0.0.1');
    await once(this.#listener, 'listening');
  }

  stop(): void {
    this.#listener.close();
    for (const { client, server } of this.#pairs) for (const socket of [client, server]) socket.destroy();
  }

  get url(): string {
    const address = this.#listener.address();
    if (typeof address !== 'object' || address === null) throw new Error('The proxy does not listen.');
    return `redis://127.0.0.1:${address.port}`;
  }

  silence(): void {
    for (const pair of this.#pairs) swallow(pair);
  }

  silenceAll(): void {
    this.#isSilent = true;
    this.silence();
  }

  async hears(text: string, then?: () => void): Promise<void> {
    await new Promise<void>((resolve) => {
      const listen = (piece: string) => {
        if (!piece.includes(text)) return;
        this.#heard.off('piece', listen);
        then?.();
        resolve();
      };
      this.#heard.on('piece', listen);
    });
  }

  #accept(client: Socket): void {
    this.count += 1;
    const server = tcpConnect(Number(this.#target.port), this.#target.hostname);
    const pair = { client, server };
    this.#pairs.add(pair);
    client.on('data', (data) => this.#heard.emit('piece', data.toString('latin1')));
    for (const socket of [client, server])
      socket.on('error', () => socket.destroy()).on('close', () => this.#part(pair));
    client.pipe(server);
    server.pipe(client);
    if (this.#isSilent) swallow(pair);
  }

  #part(pair: Pair): void {
    this.#pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  }
}

/** What comes from either side is read, and goes nowhere. */
function swallow({ client, server }: Pair): void {
  client.unpipe(server).resume();
  server.unpipe(client).resume();
}
