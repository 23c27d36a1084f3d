/** Reads the body of a call within a limit and a time, because whatever happens has to be answered. */
import type { Readable } from 'node:stream';

export type BodyReading = { body: Buffer } | { fault: 'too-large' | 'slow' | 'broken' };

export interface BodyLimits {
  bytesMax: number;
  /** In milliseconds. */
  withinMs: number;
}

export function readBody(stream: Readable, { bytesMax, withinMs }: BodyLimits): Promise<BodyReading> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const late = setTimeout(() => resolve({ fault: 'slow' }), withinMs);
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      // The rest is let through unread: whoever is still sending would not see an answer.
      if (bytes > bytesMax) resolve({ fault: 'too-large' });
      else chunks.push(chunk);
    });
    stream.once('end', () => resolve({ body: Buffer.concat(chunks) }));
    stream.once('error', () => resolve({ fault: 'broken' }));
    stream.once('close', () => {
      clearTimeout(late);
      resolve({ fault: 'broken' });
    });
  });
}
