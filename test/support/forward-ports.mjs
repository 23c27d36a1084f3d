/**
 * Preloaded into every process of a container: the ports of this container's loopback that FORWARD names lead to the
 * machine of the test, where the simulators are. `FROM:TO,FROM:TO`
 */
import { connect, createServer } from 'node:net';

for (const pair of process.env.FORWARD?.split(',') ?? []) {
  const [from = 0, to = 0] = pair.split(':').map(Number);
  createServer((client) => {
    const server = connect(to, 'host.docker.internal');
    for (const socket of [client, server])
      socket
        .on('error', () => socket.destroy())
        .on('close', () => [client, server].map((each) => each.destroy()));
    client.pipe(server).pipe(client);
  })
    // Another process of the same container does it already.
    .on('error', () => {})
    .listen(from, '127.0.0.1')
    .unref();
}
