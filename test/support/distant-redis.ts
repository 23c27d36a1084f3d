/** A Redis at a distance: a proxy that delays what goes either way. It answers in order, as a connection does. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket, connect as tcpConnect } from 'node:net';

export interface Distance {
  /** Mean round trip, in milliseconds; half of it each way. */
  roundTripMs: number;
  /** Each way takes so much longer or shorter, at most, as a share: uniform. */
  jitter: number;
}

export interface DistantRedis {
  /** The address of the server, from afar. */
  url: string;
  stop(): Promise<void>;
}

/**
 * @param url of one server, `redis://host:port`
 * @param host address at which it can be reached from afar
 */
export async function startDistantRedis(
  url: string,
  distance: Distance,
  host = '127.0.0.1',
): Promise<DistantRedis> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (client) => {
    const server = tcpConnect({ host: hostname, port: Number(port), noDelay: true });
    delay(client, server, distance);
    delay(server, client, distance);
    for (const socket of [client, server])
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    sockets.add(client).add(server);
  });
  listener.listen(0, host);
  await once(listener, 'listening');
  return {
    url: `redis://${host}:${(listener.address() as AddressInfo).port}`,
    async stop() {
      listener.close();
      for (const socket of sockets) socket.destroy();
      await once(listener, 'close');
    },
  };
}

/** Passes everything on later, each piece after its own delay, but never before the piece ahead of it. */
function delay(from: Socket, to: Socket, { roundTripMs, jitter }: Distance): void {
  const waiting: { data: Buffer; at: number }[] = [];
  let last = 0;
  let isDue = false;
  const flush = () => {
    isDue = false;
    while (waiting[0] !== undefined && waiting[0].at <= performance.now())
      to.write(waiting.shift()?.data ?? '');
    schedule();
  };
  const schedule = () => {
    const next = waiting[0];
    if (next === undefined || isDue) return;
    isDue = true;
    const leftMs = next.at - performance.now();
    // Timers count whole milliseconds: the rest is waited out turn by turn of the event loop.
    if (leftMs > 2) setTimeout(flush, leftMs - 1);
    else setImmediate(flush);
  };
  from.on('data', (data: Buffer) => {
    const takesMs = (roundTripMs / 2) * (1 + jitter * (2 * Math.random() - 1));
    last = Math.max(last, performance.now() + takesMs);
    waiting.push({ data, at: last });
    schedule();
  });
  from.on('close', () => to.destroy());
}
