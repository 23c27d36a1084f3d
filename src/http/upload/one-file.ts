/**
 * The one file of an upload, on disk without a name: nobody else can open it, and nothing of it is left however this
 * process ends. Single customers come by the hundred, and making and removing folders costs more than all else of them.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { uploadsIn, uploadsUnwritable } from '../../draft/uploads-folder.ts';
import { makeFolder } from '../../make-folder.ts';

export class OneFile implements AsyncDisposable {
  readonly #folder: string;
  #name: string | undefined;
  #bytes = 0;
  #opening: Promise<FileHandle> | undefined;

  /** @param root the folder of the settings */
  constructor(root: string) {
    this.#folder = uploadsIn(root);
  }

  /** @returns false if there is one already: then it is left as it is. @throws AppError UPLOADS_UNWRITABLE */
  async take(name: string, content: AsyncIterable<Buffer>): Promise<boolean> {
    if (this.#opening !== undefined) return false;
    this.#opening = openNameless(this.#folder);
    const file = await this.#opening;
    for await (const chunk of content) {
      await file.writeFile(chunk);
      this.#bytes += chunk.length;
    }
    this.#name = name;
    return true;
  }

  /** @returns undefined if none has come as a whole */
  async read(): Promise<{ name: string; content: Buffer } | undefined> {
    const file = await this.#opening;
    if (file === undefined || this.#name === undefined) return undefined;
    const content = Buffer.alloc(this.#bytes);
    for (let at = 0; at < content.length; ) {
      const { bytesRead } = await file.read(content, at, content.length - at, at);
      if (bytesRead === 0) throw new Error('an upload was cut short on disk');
      at += bytesRead;
    }
    return { name: this.#name, content };
  }

  /** Content that is still on its way is not waited for: it finds the file closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    const file = await this.#opening?.catch(() => undefined);
    await file?.close();
  }
}

async function openNameless(folder: string): Promise<FileHandle> {
  const path = join(folder, `one-${randomUUID()}`);
  const make = () => open(path, 'wx+', 0o600);
  const file = await make()
    .catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await makeFolder(folder, 0o700);
      return make();
    })
    .catch((error: unknown) => Promise.reject(uploadsUnwritable(folder, error)));
  try {
    await unlink(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
