/** TLS in front of a server of the test, so that it can be reached under the name of a real one. */
import { once } from 'node:events';
import { type AddressInfo, connect as tcpConnect } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

/** @returns its port */
export async function startTlsFront(port: number, options: TlsOptions): Promise<number> {
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
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
