/** Receives an upload: each part goes into its place on disk while it comes, and nothing else is held. */
import { createWriteStream } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { unpackInto } from '../../agreement/unpack.ts';
import { AppError } from '../../errors.ts';
import { quoted } from '../../printable.ts';
import { fileNameOf } from './file-name.ts';
import type { UploadFolder } from './folder.ts';
import type { UploadLimits } from './limits.ts';
import { OneFile } from './one-file.ts';
import { tooLarge, UploadRefused } from './refusals.ts';
import { UploadWatch } from './watch.ts';

export interface Received {
  /** The file of customers; it keeps its name. */
  table?: string;
  /** Parts that are no files, by name. */
  fields: Map<string, string>;
  /** What a person should know of the archives. */
  remarks: string[];
  /** Over all parts in their order, by name and bytes; how they were divided does not count. */
  digest: string;
}

export interface ReceiveOrder {
  /** Where files go: agreements of many, and unpacked archives of them; or the one agreement, as it is. */
  into: Pick<UploadFolder, 'path' | 'agreements' | 'table'> | OneFile;
  limits: UploadLimits;
  /** Name of the parts that are agreements, or archives of them. */
  agreements: string;
  /** Name of the part that is the file of customers, if there is one. It needs a folder. */
  table?: string;
  /** Names of parts that are text, whether or not they come as files. */
  texts: readonly string[];
}

const ZIP_STARTS = ['504b0304', '504b0506'];

/** @throws AppError; UploadRefused, and what the parser refuses, which have a status */
export async function receiveParts(request: FastifyRequest, order: ReceiveOrder): Promise<Received> {
  const { limits } = order;
  if (!request.isMultipart()) throw new UploadRefused(415, 'the body is not made of parts');
  const watch = new UploadWatch(limits);
  const received: Received = { fields: new Map(), remarks: [], digest: '' };
  const room = { left: limits.bytesMax };
  const work = async () => {
    const parts = request.parts({
      limits: {
        fileSize: limits.partBytesMax + 1,
        fieldSize: limits.fieldBytesMax,
        fieldNameSize: 100,
        parts: limits.partsMax,
        fields: limits.partsMax,
        files: limits.partsMax,
      },
      preservePath: true,
    });
    for await (const part of parts)
      if (part.type === 'file') await takeFile(part, { order, watch, received, room });
      else if (part.valueTruncated) throw tooLarge('a part that is text');
      else takeField(part.fieldname, String(part.value), { order, watch, received });
  };
  try {
    await watch.within(work());
    return { ...received, digest: watch.digest() };
  } catch (error) {
    throw isOfParser(error)
      ? new AppError('REQUEST_INVALID', `The body breaks off: ${error.message}.`)
      : error;
  } finally {
    await watch.stop();
  }
}

/** The parser says so in plain errors: neither ours, nor of the file system, nor with a status. */
function isOfParser(error: unknown): error is Error {
  return error instanceof Error && !('code' in error) && !('statusCode' in error);
}

interface Taking {
  order: ReceiveOrder;
  watch: UploadWatch;
  received: Received;
  room: { left: number };
}

function takeField(name: string, value: string, { order, watch, received }: Omit<Taking, 'room'>): void {
  if (!order.texts.includes(name)) throw unknownPart(name);
  watch.take(name, value);
  received.fields.set(name, value);
}

async function takeFile({ fieldname, file, ...part }: MultipartFile, taking: Taking): Promise<void> {
  // A part may have a type, and so be a file, and have no name, whatever the types say.
  const filename = (part.filename as string | undefined) ?? '';
  const { order, watch, received } = taking;
  const content = watch.follow(`${fieldname} ${filename}`, file);
  if (fieldname === order.agreements) return takeAgreements(filename, content, taking);
  if (order.texts.includes(fieldname)) {
    received.fields.set(fieldname, await readText(content, order.limits.fieldBytesMax));
  } else if (fieldname === order.table && !(order.into instanceof OneFile)) {
    if (received.table !== undefined)
      throw new AppError('REQUEST_INVALID', 'There are two files of customers.');
    received.table = join(order.into.table, fileNameOf(filename));
    await pipeline(content, createWriteStream(received.table, { flags: 'wx', mode: 0o600 }));
  } else throw unknownPart(fieldname);
}

/** A file is put among the agreements under its name; an archive is unpacked there. */
async function takeAgreements(
  filename: string,
  content: AsyncIterable<Buffer>,
  { order, watch, received, room }: Taking,
): Promise<void> {
  const { into: folder } = order;
  const name = fileNameOf(filename);
  if (folder instanceof OneFile) {
    if (!(await folder.take(name, content))) throw twice(name);
    return;
  }
  const incoming = join(folder.path, 'incoming');
  await pipeline(content, createWriteStream(incoming, { flags: 'wx', mode: 0o600 }));
  try {
    if (await isZip(incoming)) {
      const onRemark = (remark: string) => void received.remarks.push(remark);
      const into = { directory: folder.agreements, name, bytesMax: room.left, onRemark };
      room.left -= await watch.work((signal) => unpackInto(incoming, { ...into, signal }));
    } else
      await link(incoming, join(folder.agreements, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
        throw twice(name);
      });
  } finally {
    await rm(incoming, { force: true });
  }
}

async function isZip(path: string): Promise<boolean> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
  return ZIP_STARTS.includes(buffer.subarray(0, bytesRead).toString('hex'));
}

async function readText(content: AsyncIterable<Buffer>, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLarge('a part that is text');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const twice = (name: string) =>
  new AppError('REQUEST_INVALID', `There is more than one agreement ${quoted(name)}.`);

const unknownPart = (name: string) =>
  new AppError('REQUEST_INVALID', `There is no part ${quoted(name.slice(0, 100))}.`);
