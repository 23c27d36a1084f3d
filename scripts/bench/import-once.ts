/** One import of so many rows in a process of its own, and a bare `addBulk` of the same jobs; prints what it measured. */
import { writeFileSync } from 'node:fs';
import { Queue } from 'bullmq';
import { openAgreementFolder } from '../../src/agreement/folder.ts';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { enqueue } from '../../src/batch/enqueue.ts';
import { openSpool } from '../../src/batch/spool.ts';
import { validateSource } from '../../src/batch/validate-source.ts';
import { fieldColumnsOf } from '../../src/customer/cells.ts';
import { createLedger } from '../../src/ledger/ledger.ts';
import { jobIdOf } from '../../src/queue/job.ts';
import { PRIORITY } from '../../src/queue/priority.ts';
import { closeQueues, openQueues } from '../../src/queue/queues.ts';
import { NO_TRACES } from '../../src/queue/traces.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { ledgerKey } from '../../src/redis/keys.ts';
import { openSource } from '../../src/source/open-source.ts';

const CHUNK = 1_000;
const [file = '', agreements = '', place = '', account = '', report = ''] = process.argv.slice(2);
const redis = connectRedis(process.env.REDIS_URL ?? '', { waitsForever: true });
const ledger = createLedger(redis, account);
const queues = openQueues(redis, account);
await Promise.all([queues.upload.waitUntilReady(), queues.submit.waitUntilReady()]);

const validated = await measureValidation();
const { batchId, rows, ...enqueued } = await measureImport();
await queues.upload.obliterate({ force: true });
const bare = await measureBareQueue(rows);
await closeQueues(queues);
await redis.unlink(...(await redis.keys(`${ledgerKey(account)}:*`)));
redis.disconnect();
writeFileSync(report, JSON.stringify({ rows, ...validated, ...enqueued, ...bare }));

async function measureValidation() {
  const folder = await openAgreementFolder(agreements);
  const sinks = { good: async () => undefined, bad: async () => undefined };
  const begun = performance.now();
  const { good } = await validateSource({ source: open(), folder }, sinks);
  return { validated: perSecond(good, begun), validateRssMiB: peakMiB() };
}

async function measureImport() {
  const folder = await openAgreementFolder(agreements);
  await using spool = await openSpool();
  const { findBusy } = ledger;
  const sinks = { good: spool.write, bad: async () => undefined };
  const summary = await validateSource({ source: open(), folder, findBusy }, sinks);
  const bytesBefore = await usedMemory();
  const begun = performance.now();
  const [id, priority, store] = ['bench', PRIORITY.normal, createDirectoryStore(place)];
  const facts = {
    id,
    kind: 'import',
    name: id,
    source: id,
    by: id,
    details: id,
    priority,
    maxFailures: 0,
  } as const;
  const { sourceKey, columns } = summary;
  const fieldColumns = fieldColumnsOf(columns);
  await ledger.createBatch({ ...facts, sourceKey, columns: columns.names, fieldColumns });
  const opened = { ledger, queues, traces: NO_TRACES, now: Date.now };
  await enqueue({ ...opened, store, folder, spool, batchId: id, priority });
  await ledger.seal(id);
  const enqueued = perSecond(summary.good, begun);
  const bytesPerRow = ((await usedMemory()) - bytesBefore) / summary.good;
  return { batchId: id, rows: summary.good, enqueued, bytesPerRow, importRssMiB: peakMiB() };
}

/** The same jobs, and nothing but them. */
async function measureBareQueue(count: number) {
  const { defaultJobOptions } = queues.upload;
  const queue = new Queue('bare', { connection: redis, prefix: `{${account}-bare}`, defaultJobOptions });
  await queue.waitUntilReady();
  const begun = performance.now();
  for (let first = 1; first <= count; first += CHUNK)
    await queue.addBulk(
      Array.from({ length: Math.min(CHUNK, count - first + 1) }, (_, index) => jobOf(first + index)),
    );
  const bare = perSecond(count, begun);
  await queue.obliterate({ force: true });
  await queue.close();
  return { bare };
}

function jobOf(row: number) {
  const data = { batchId: 'b'.repeat(22), row, custSpaceId: `C${1_000_000 + row}`, redrive: 0 };
  return { name: 'upload', data, opts: { jobId: jobIdOf('upload', data), priority: PRIORITY.normal } };
}

function open() {
  return openSource({ path: file }, {});
}

function perSecond(count: number, begun: number): number {
  return (count * 1000) / (performance.now() - begun);
}

function peakMiB(): number {
  return process.resourceUsage().maxRSS / 1024;
}

async function usedMemory(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
}
