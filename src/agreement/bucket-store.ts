/** The agreement store in a bucket of the user's own, for workers on several machines. */
import { z } from 'zod';
import type { ReadCredentials } from '../alibaba/credentials.ts';
import { createOssClient, type OssOptions, readOssFailure } from '../alibaba/oss/client.ts';
import { AppError } from '../errors.ts';
import type { BucketPlace } from './bucket-place.ts';
import { type AgreementStore, agreementLost, pathInStore, sha256Of } from './store.ts';

export interface BucketStoreOptions extends BucketPlace, OssOptions {
  /** Scheme and host. */
  endpoint: string;
  readCredentials: ReadCredentials;
}

const CHECK_NAME = 'onboard-doctor';

const resultSchema = z.object({ content: z.instanceof(Buffer) });

export function createBucketStore(options: BucketStoreOptions): AgreementStore {
  const keyOf = (name: string) => (options.prefix === '' ? name : `${options.prefix}/${name}`);
  const open = async () => createOssClient({ ...(await options.readCredentials()), ...options }, options);

  /** @throws AppError STORE_UNREACHABLE, with the bucket's own code */
  async function write(name: string, content: Buffer): Promise<void> {
    const client = await open();
    const headers = { 'x-oss-forbid-overwrite': 'true' };
    await client.put(keyOf(name), content, { mime: 'application/pdf', headers }).catch((error: unknown) => {
      // The name is made from the content, so "exists already" means that this very file is there.
      if (readOssFailure(error).code !== 'FileAlreadyExists') throw unreachable(error);
    });
  }

  /** @returns undefined if there is no such object. @throws AppError STORE_UNREACHABLE */
  async function read(name: string): Promise<Buffer | undefined> {
    const client = await open();
    const result = await client.get(keyOf(name)).catch((error: unknown) => {
      if (readOssFailure(error).code === 'NoSuchKey') return undefined;
      throw unreachable(error);
    });
    return result === undefined ? undefined : resultSchema.parse(result).content;
  }

  return {
    description: `oss://${options.bucket}/${options.prefix}`,
    put: (sha256, content) => write(pathInStore(sha256), content),
    async get(sha256) {
      const content = await read(pathInStore(sha256));
      if (content && sha256Of(content) === sha256) return content;
      throw agreementLost(sha256, content !== undefined);
    },
    async check() {
      await write(CHECK_NAME, Buffer.from(CHECK_NAME));
      await read(CHECK_NAME);
    },
  };
}

function unreachable(error: unknown): AppError {
  const { httpStatus, code, requestId, isTimeout } = readOssFailure(error);
  const what =
    httpStatus === undefined ? (isTimeout ? 'no answer in time' : 'connection failed') : (code ?? httpStatus);
  return new AppError('STORE_UNREACHABLE', `The bucket of AGREEMENT_STORE: ${what}.`, {
    requestId,
    httpStatus,
  });
}
