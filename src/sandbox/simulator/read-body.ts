import type { IncomingMessage } from 'node:http';

/** Everything that a request carries: the simulated peers are asked by our own programs only, so there is no limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
