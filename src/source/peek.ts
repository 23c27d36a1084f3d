/** The beginning of a stream, looked at without taking it away. */
import { Readable } from 'node:stream';

/**
 * @returns the first bytes (all of a shorter stream), and a stream that begins with them. The given one ends with it.
 * @throws what the stream fails with before it has given so many
 */
export async function peek(input: Readable, bytes: number): Promise<{ head: Buffer; rest: Readable }> {
  const chunks = (input as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const taken: Buffer[] = [];
  let length = 0;
  while (length < bytes) {
    const { done, value } = await chunks.next();
    if (done) break;
    taken.push(value);
    length += value.length;
  }
  const start = Buffer.concat(taken);
  const rest = Readable.from(replay(start, chunks), { objectMode: false });
  return { head: start.subarray(0, bytes), rest };
}

async function* replay(start: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (start.length > 0) yield start;
    yield* { [Symbol.asyncIterator]: () => chunks };
  } finally {
    await chunks.return?.();
  }
}
