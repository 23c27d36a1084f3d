/** TLS in front of a server of the test, so that it can be reached under the name of a real one. */
import { once } from 'node:events';
import { type AddressInfo, connect as tcpConnect } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

/**
 * @param port of the server
 * @param place where the front listens; by default on any port of the loopback address
 * @returns its port
 */
export async function startTlsFront(
  port: number,
  options: TlsOptions,
  place = { host: '127.0.0.1', port: 0 },
): Promise<number> {
  const server = createServer(options, (client) => {
    const target = tcpConnect(port, '127.0.0.1');
    for (const socket of [client, target])
      socket
        .on('error', () => socket.destroy())
        .on('close', () => {
          client.destroy();
          target.destroy();
        });
    client.pipe(target).pipe(client);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(place);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
