/** One import of so many rows in a process of its own, and a bare `addBulk` of the same jobs; prints what it measured. */
import { writeFileSync } from 'node:fs';
import { Queue } from 'bullmq';
import { openAgreementFolder } from '../../src/agreement/folder.ts';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { enqueue } from '../../src/batch/enqueue.ts';
import { openSpool } from '../../src/batch/spool.ts';
import { validateSource } from '../../src/batch/validate-source.ts';
import { createLedger } from '../../src/ledger/ledger.ts';
import { jobIdOf } from '../../src/queue/job.ts';
import { PRIORITY } from '../../src/queue/priority.ts';
import { closeQueues, openQueues } from '../../src/queue/queues.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { openSource } from '../../src/source/open-source.ts';

const CHUNK = 1_000;
const [file = '', agreements = '', store = '', account = '', report = ''] = process.argv.slice(2);
const redis = connectRedis(process.env.REDIS_URL ?? '', { waitsForever: true });
const usedMemory = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
const ledger = createLedger(redis, account);
const queues = openQueues(redis, account);
await Promise.all([queues.upload.waitUntilReady(), queues.submit.waitUntilReady()]);

const folder = await openAgreementFolder(agreements);
const started = performance.now();
const source = openSource({ path: file }, { encoding: 'utf-8', delimiter: ',' });
const checked = await validateSource(
  { source, folder },
  { good: async () => undefined, bad: async () => undefined },
);
const validated = performance.now();
const validateRss = process.resourceUsage().maxRSS;

await using spool = await openSpool();
const again = openSource({ path: file }, { encoding: 'utf-8', delimiter: ',' });
const { readCustomers } = ledger;
const summary = await validateSource(
  { source: again, folder, readCustomers },
  { good: spool.write, bad: async () => undefined },
);
const bytesBefore = await usedMemory();
const spooled = performance.now();
const batchId = 'bench';
const { sourceKey, columns } = summary;
const facts = { name: 'bench', source: 'bench', by: 'bench', priority: PRIORITY.normal, maxFailures: 0 };
await ledger.createBatch({ id: batchId, ...facts, sourceKey, columns: columns.names });
const [agreementStore, now] = [createDirectoryStore(store), Date.now];
await enqueue({
  ...{ ledger, queues, now, folder, spool, batchId },
  store: agreementStore,
  priority: PRIORITY.normal,
});
await ledger.seal(batchId, sourceKey);
const enqueued = performance.now();
const bytesPerRow = ((await usedMemory()) - bytesBefore) / summary.good;
const importRss = process.resourceUsage().maxRSS;
await queues.upload.obliterate({ force: true });

const bare = new Queue('bare', {
  connection: redis,
  prefix: `{${account}-bare}`,
  defaultJobOptions: queues.upload.defaultJobOptions,
});
await bare.waitUntilReady();
const bareStarted = performance.now();
for (let first = 1; first <= summary.good; first += CHUNK) {
  const length = Math.min(CHUNK, summary.good - first + 1);
  const rows = Array.from({ length }, (_, index) => ({
    batchId: 'b'.repeat(22),
    row: first + index,
    custSpaceId: `C${1_000_000 + first + index}`,
    redrive: 0,
  }));
  await bare.addBulk(
    rows.map((data) => ({
      name: 'upload',
      data,
      opts: { jobId: jobIdOf('upload', data), priority: PRIORITY.normal },
    })),
  );
}
const bareEnded = performance.now();
await bare.obliterate({ force: true });
await bare.close();
await closeQueues(queues);
await ledger.purge(batchId);
await redis.unlink(accountKeys(account).customers);
redis.disconnect();

const perSecond = (rows: number, ms: number) => (rows * 1000) / ms;
writeFileSync(
  report,
  JSON.stringify({
    rows: checked.good,
    validated: perSecond(checked.good, validated - started),
    enqueued: perSecond(summary.good, enqueued - spooled),
    bare: perSecond(summary.good, bareEnded - bareStarted),
    validateRssMiB: validateRss / 1024,
    importRssMiB: importRss / 1024,
    bytesPerRow,
  }),
);
