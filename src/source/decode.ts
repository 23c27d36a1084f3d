/** Bytes of a given encoding to text, in a stream. */
import { Transform } from 'node:stream';
import { TextDecoder } from 'node:util';
import { AppError } from '../errors.ts';

/**
 * Bytes to text, refusing bytes that are invalid in the encoding instead of replacing them silently.
 * The stream fails with AppError INPUT_ENCODING.
 * @throws AppError USAGE if there is no such encoding
 */
export function decodeText(encoding: string): Transform {
  const decoder = createDecoder(encoding);
  return new Transform({
    decodeStrings: true,
    readableObjectMode: false,
    transform(chunk: Buffer, _encoding, done) {
      attempt(() => decoder.decode(chunk, { stream: true }), done);
    },
    flush(done) {
      attempt(() => decoder.decode(), done);
    },
  });

  function attempt(read: () => string, done: (error: Error | null, text?: string) => void) {
    try {
      done(null, read());
    } catch {
      const hint = 'If it comes from Excel on Chinese Windows, try --encoding gb18030';
      done(new AppError('INPUT_ENCODING', `The file is not ${encoding}. ${hint}.`));
    }
  }
}

function createDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new AppError(
      'USAGE',
      `There is no encoding "${encoding}". Use utf-8, gb18030, utf-16le or another WHATWG label.`,
    );
  }
}
