/**
 * Bounds what a peer may answer, below the SDKs, which read whatever comes into memory: the bytes on the wire, and what a
 * compressed answer becomes. An answer is unpacked here, so that an SDK sees a plain one.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { brotliDecompressSync, unzipSync } from 'node:zlib';

const BYTES_PER_MB = 1024 * 1024;
/** Longest answer of a peer, unpacked, in bytes. */
export const ANSWER_BYTES_MAX = BYTES_PER_MB;

/** Why an answer is not read to its end. */
export class AnswerRefused extends Error {
  /** For people. The message will not do: an SDK may add the address of the call to it, with the customer in it. */
  readonly reason: string;

  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'AnswerRefused';
    this.reason = reason;
  }
}

type Unpack = (content: Buffer, options: { maxOutputLength: number }) => Buffer;

const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip: unzipSync,
  'x-gzip': unzipSync,
  deflate: unzipSync,
  br: brotliDecompressSync,
};

/** To be called before the request has a connection. @param bytesMax of the answer, unpacked */
export function boundAnswer(request: ClientRequest, bytesMax: number): void {
  request.prependOnceListener('response', (response: IncomingMessage) => bound(response, bytesMax));
}

function bound(response: IncomingMessage, bytesMax: number): void {
  const push = response.push.bind(response);
  const { 'content-encoding': encoding = 'identity' } = response.headers;
  const isPlain = encoding.toLowerCase() === 'identity';
  const kept: Buffer[] = [];
  let bytes = 0;
  let isRefused = false;

  function refuse(refusal: AnswerRefused): boolean {
    isRefused = true;
    // An SDK listens for errors only once it has been given the answer.
    setImmediate(() => response.destroy(refusal));
    return false;
  }

  function end(): boolean {
    if (isPlain || bytes === 0) return push(null);
    try {
      push(unpack(Buffer.concat(kept), encoding.toLowerCase(), bytesMax));
    } catch (error) {
      return refuse(error as AnswerRefused);
    }
    return push(null);
  }

  response.push = (chunk: Buffer | null) => {
    if (isRefused) return false;
    if (chunk === null) return end();
    bytes += chunk.length;
    if (bytes > bytesMax) return refuse(tooLong(bytesMax));
    if (isPlain) return push(chunk);
    kept.push(chunk);
    return true;
  };
  if (!isPlain) delete response.headers['content-encoding'];
}

/** @throws AnswerRefused */
function unpack(content: Buffer, encoding: string, bytesMax: number): Buffer {
  const unpackAs = UNPACK[encoding];
  if (unpackAs === undefined) throw new AnswerRefused('the answer is encoded in an unknown way');
  try {
    return unpackAs(content, { maxOutputLength: bytesMax });
  } catch (error) {
    const isTooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLong ? tooLong(bytesMax) : new AnswerRefused('the answer cannot be unpacked', error);
  }
}

const tooLong = (bytesMax: number) =>
  new AnswerRefused(`the answer is longer than ${bytesMax / BYTES_PER_MB} MB`);
