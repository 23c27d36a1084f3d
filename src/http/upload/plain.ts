/** A file of customers as the body itself, without agreements; or JSON with customers and options. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { UploadFolder } from './folder.ts';
import type { UploadLimits } from './limits.ts';
import { type BatchOptions, checkOptions, optionsQuery, parseJson } from './options.ts';
import { tooLarge, UploadRefused } from './refusals.ts';
import { UploadWatch } from './watch.ts';

/** JSON is read as a whole, and takes many times its bytes then. */
const JSON_BYTES_MAX = 2 * 1024 * 1024;
const JSON_CUSTOMERS_MAX = 50_000;

/** Name of the file on our side, by content type. */
const FILES: Record<string, string> = {
  'text/csv': 'customers.csv',
  'text/tab-separated-values': 'customers.tsv',
  'application/x-ndjson': 'customers.ndjson',
  'application/jsonl': 'customers.ndjson',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'customers.xlsx',
};
export const PLAIN_TYPES = ['application/json', ...Object.keys(FILES)];

export interface ReceivedPlain {
  table: string;
  options: BatchOptions;
  digest: string;
}

/** @throws AppError REQUEST_INVALID; UploadRefused */
export async function receivePlain(
  request: FastifyRequest,
  { folder, limits }: { folder: UploadFolder; limits: UploadLimits },
): Promise<ReceivedPlain> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const name = type === 'application/json' ? 'customers.ndjson' : FILES[type];
  if (name === undefined) throw new UploadRefused(415, 'a body of this type is not taken');
  const table = join(folder.table, name);
  const watch = new UploadWatch(limits);
  try {
    const content = watch.follow(type, request.raw);
    const options = await watch.within(
      type === 'application/json' ? takeJson(table, content) : takeFile(table, content, request),
    );
    return { table, options, digest: watch.digest() };
  } finally {
    await watch.stop();
  }
}

async function takeFile(
  table: string,
  content: AsyncIterable<Buffer>,
  { query }: FastifyRequest,
): Promise<BatchOptions> {
  await pipeline(content, createWriteStream(table, { flags: 'wx', mode: 0o600 }));
  return optionsQuery.parse(query);
}

const bodySchema = z.looseObject({
  customers: z
    .array(z.unknown())
    .min(1, 'must have at least one customer')
    .max(JSON_CUSTOMERS_MAX, `must have at most ${JSON_CUSTOMERS_MAX} customers; send NDJSON instead`)
    .pipe(z.array(z.record(z.string(), z.unknown()))),
});

async function takeJson(table: string, content: AsyncIterable<Buffer>): Promise<BatchOptions> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > JSON_BYTES_MAX) throw tooLarge('JSON; send NDJSON instead: it');
    chunks.push(chunk);
  }
  const { success, data, error } = bodySchema.safeParse(
    parseJson(Buffer.concat(chunks).toString(), 'The body'),
  );
  if (!success)
    throw new AppError(
      'REQUEST_INVALID',
      `customers: ${error.issues[0]?.message ?? 'is not as it should be'}.`,
    );
  const { customers, ...options } = data;
  await pipeline(linesOf(customers), createWriteStream(table, { flags: 'wx', mode: 0o600 }));
  return checkOptions(options);
}

function* linesOf(customers: readonly object[]): Generator<string> {
  for (const customer of customers) yield `${JSON.stringify(customer)}\n`;
}
