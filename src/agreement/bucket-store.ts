/** The agreement store in a bucket of the user's own, for workers on several machines. */
import type OSS from 'ali-oss';
import { z } from 'zod';
import type { ReadCredentials } from '../alibaba/credentials.ts';
import { createOssClient, type OssOptions, readOssFailure } from '../alibaba/oss/client.ts';
import { AppError } from '../errors.ts';
import type { BucketPlace } from './bucket-place.ts';
import { type KeptAgreement, sha256InPath } from './kept.ts';
import type { StoreNote, StoreNotes } from './notes.ts';
import { type AgreementStore, agreementLost, pathInStore, sha256Of } from './store.ts';

export interface BucketStoreOptions extends BucketPlace, OssOptions {
  /** Scheme and host. */
  endpoint: string;
  readCredentials: ReadCredentials;
}

const CHECK_NAME = 'onboard-doctor';
/** Longest answer of the bucket, in bytes: an agreement, or a list of objects. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
/** Objects that one call lists: as many as the service allows. */
const LISTED_AT_A_TIME = 1_000;

const time = z.string().transform((text) => Date.parse(text));
const resultSchema = z.object({
  content: z.instanceof(Buffer),
  res: z.object({ headers: z.object({ 'last-modified': time.optional() }) }),
});
const headSchema = z.object({ res: z.object({ headers: z.object({ 'last-modified': time }) }) });
const listSchema = z.object({
  objects: z
    .array(z.object({ name: z.string(), lastModified: time }))
    .nullish()
    .transform((objects) => objects ?? []),
  nextContinuationToken: z.string().nullish(),
});

/** The calls that a store needs; whatever fails otherwise than asked for is STORE_UNREACHABLE. */
class Bucket {
  readonly #options: BucketStoreOptions;

  constructor(options: BucketStoreOptions) {
    this.#options = options;
  }

  /** @param mayReplace if not, an object of this name stays as it is */
  async write(name: string, content: Buffer, { mayReplace }: { mayReplace: boolean }): Promise<void> {
    const headers = mayReplace ? {} : { 'x-oss-forbid-overwrite': 'true' };
    await this.#call('FileAlreadyExists', (client) =>
      client.put(this.#keyOf(name), content, { mime: 'application/pdf', headers }),
    );
  }

  /** @returns undefined if there is no such object */
  async read(name: string): Promise<{ content: Buffer; at: number } | undefined> {
    const result = await this.#call('NoSuchKey', (client) => client.get(this.#keyOf(name)));
    if (result === undefined) return undefined;
    const { content, res } = resultSchema.parse(result);
    return { content, at: res.headers['last-modified'] ?? 0 };
  }

  /** When it was last written, in milliseconds since 1970; undefined if there is no such object. */
  async readTime(name: string): Promise<number | undefined> {
    const result = await this.#call('NoSuchKey', (client) => client.head(this.#keyOf(name)));
    return result === undefined ? undefined : headSchema.parse(result).res.headers['last-modified'];
  }

  async remove(name: string): Promise<void> {
    await this.#call('NoSuchKey', (client) => client.delete(this.#keyOf(name)));
  }

  /** Objects whose name begins so. */
  async *list(begin: string): AsyncGenerator<{ name: string; at: number }> {
    const root = this.#keyOf('');
    const prefix = `${root}${begin}`;
    // Whether an empty parameter is signed with its equals sign is not agreed upon, so there is none.
    const fixed = { 'max-keys': String(LISTED_AT_A_TIME), ...(prefix === '' ? {} : { prefix }) };
    for (let token: string | null | undefined = ''; typeof token === 'string'; ) {
      const more: Record<string, string> = token === '' ? {} : { 'continuation-token': token };
      const query = { ...fixed, ...more };
      const result = await this.#call(undefined, (client) => client.listV2(query));
      const { objects, nextContinuationToken } = listSchema.parse(result);
      for (const { name, lastModified: at } of objects) yield { name: name.slice(root.length), at };
      token = nextContinuationToken;
    }
  }

  #keyOf(name: string): string {
    return this.#options.prefix === '' ? name : `${this.#options.prefix}/${name}`;
  }

  /**
   * @param expected code of the failure that is an answer too. @returns undefined after that
   * @throws AppError STORE_UNREACHABLE, with the bucket's own code
   */
  async #call<T>(expected: string | undefined, send: (client: OSS) => Promise<T>): Promise<T | undefined> {
    const credentials = await this.#options.readCredentials();
    const client = createOssClient(
      { ...credentials, ...this.#options },
      { answerBytesMax: ANSWER_BYTES_MAX, ...this.#options },
    );
    return send(client).catch((error: unknown) => {
      if (expected !== undefined && readOssFailure(error).code === expected) return undefined;
      throw unreachable(error);
    });
  }
}

export function createBucketStore(options: BucketStoreOptions): AgreementStore {
  const bucket = new Bucket(options);
  const place = `oss://${options.bucket}/${options.prefix}`;

  async function get(sha256: string): Promise<Buffer> {
    const content = (await bucket.read(pathInStore(sha256)))?.content;
    if (content && sha256Of(content) === sha256) return content;
    throw agreementLost(sha256, { hasChanged: content !== undefined, place });
  }

  async function* list(): AsyncGenerator<KeptAgreement> {
    for await (const { name, at } of bucket.list('')) {
      const sha256 = sha256InPath(name);
      if (sha256 !== undefined) yield { sha256, at };
    }
  }

  /** A bucket cannot remove on a condition, so a file kept again within one round trip of its removal is lost. */
  async function remove(sha256: string, unlessSince: number): Promise<boolean> {
    const path = pathInStore(sha256);
    const at = await bucket.readTime(path);
    if (at === undefined || at >= unlessSince) return false;
    await bucket.remove(path);
    return true;
  }

  return {
    description: place,
    place,
    // Written again if it is there already: that is how a bucket notes when it was last kept.
    put: (sha256, content) => bucket.write(pathInStore(sha256), content, { mayReplace: true }),
    get,
    async check() {
      await bucket.write(CHECK_NAME, Buffer.from(CHECK_NAME), { mayReplace: false });
      await bucket.read(CHECK_NAME);
    },
    notes: createBucketNotes(bucket),
    list,
    remove,
  };
}

function createBucketNotes(bucket: Bucket): StoreNotes {
  async function read(name: string): Promise<StoreNote | undefined> {
    const found = await bucket.read(name);
    return found && { text: found.content.toString('utf8'), at: found.at };
  }

  async function list(folder: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of bucket.list(`${folder}/`)) names.push(name.slice(folder.length + 1));
    return names;
  }

  return {
    read,
    create: (name, text) => bucket.write(name, Buffer.from(text), { mayReplace: false }),
    replace: (name, text) => bucket.write(name, Buffer.from(text), { mayReplace: true }),
    list,
  };
}

function unreachable(error: unknown): AppError {
  const { httpStatus, code, requestId, isTimeout, proxyReason = 'connection failed' } = readOssFailure(error);
  const what =
    httpStatus === undefined ? (isTimeout ? 'no answer in time' : proxyReason) : (code ?? httpStatus);
  return new AppError('STORE_UNREACHABLE', `The bucket of AGREEMENT_STORE: ${what}.`, {
    requestId,
    httpStatus,
  });
}
