/** A real proxy for HTTPS: it opens tunnels with CONNECT, to where the test says that a host is. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, type Socket, connect as tcpConnect } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ConnectProxy {
  /** With user and password, as a value for HTTPS_PROXY. */
  url: string;
  /** `host:port` of each tunnel that was asked for. */
  readonly asked: string[];
  /** From now on, each is refused with this status. */
  refuseWith(status: number): void;
}

const USER = 'proxy-user:proxy-secret';

/** @param portOf the port on this machine that plays a host; undefined if there is none */
export async function startConnectProxy(portOf: (host: string) => number | undefined): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let refusal: number | undefined;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    const host = request.url ?? '';
    asked.push(host);
    const port = portOf(host.replace(/:\d+$/, ''));
    const isKnown =
      request.headers['proxy-authorization'] === `Basic ${Buffer.from(USER).toString('base64')}`;
    const status = refusal ?? (isKnown ? (port === undefined ? 502 : 200) : 407);
    client.on('error', () => client.destroy());
    if (status !== 200 || port === undefined) {
      client.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
      return;
    }
    const target = tcpConnect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close().closeAllConnections();
  });
  return {
    url: `http://${USER}@127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    refuseWith(status) {
      refusal = status;
    },
  };
}
