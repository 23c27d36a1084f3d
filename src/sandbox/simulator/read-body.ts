import type { IncomingMessage } from 'node:http';

/** The whole body of a request: only programs of this machine call the simulated peers, so there is no limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
