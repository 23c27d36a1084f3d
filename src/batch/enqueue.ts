/** Puts validated rows into a batch and its jobs into the queue, so that a kill at any point loses and doubles nothing. */
import { randomInt } from 'node:crypto';
import type { AgreementFolder } from '../agreement/folder.ts';
import type { AgreementStore } from '../agreement/store.ts';
import { AppError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { CHUNK_ROWS } from '../ledger/row-store.ts';
import { type AccountQueues, addUploads } from '../queue/queues.ts';
import { plural } from '../text.ts';
import type { Spool } from './spool.ts';
import type { SpooledRow, ValidationSummary } from './validate-source.ts';

/** Agreements copied at a time. */
const COPIES_AT_A_TIME = 16;

export interface EnqueueInput {
  ledger: Ledger;
  queues: AccountQueues;
  store: AgreementStore;
  folder: AgreementFolder;
  spool: Spool;
  summary: ValidationSummary;
  batch: { name: string; source: string; by: string; priority: number; maxFailures: number };
  /** Before the first row is sent, in milliseconds. */
  delayMs?: number;
  /** The interrupted batch that must be completed; otherwise it is found by its rows. */
  resume?: string;
  onProgress?: (rows: number) => void;
}

export interface Enqueued {
  batchId: string;
  /** The batch was begun by an import of the same rows that did not end. */
  isResumed: boolean;
}

/**
 * Order matters: an agreement is stored before its row exists, a row before its job. Whatever is repeated after a
 * kill is there already and stays as it is.
 */
export async function enqueue(input: EnqueueInput): Promise<Enqueued> {
  const { ledger, queues, summary } = input;
  const { sourceKey } = summary;
  const interrupted = await ledger.findInterrupted(sourceKey);
  if (input.resume !== undefined && interrupted !== input.resume)
    throw new AppError(
      'BATCH_STATE',
      `The batch ${input.resume} was not interrupted, or it was begun with other rows.`,
    );
  const batchId = interrupted ?? newBatchId(Date.now());
  if (interrupted === undefined) {
    await ledger.createBatch({
      id: batchId,
      ...input.batch,
      sourceKey,
      columns: summary.columns.names,
      ...(input.delayMs === undefined ? {} : { notBefore: Date.now() + input.delayMs }),
    });
  }
  await ledger.note(batchId, {
    by: input.batch.by,
    action: interrupted ? 'import resumed' : 'import',
    details: `${plural(summary.good, 'row')} of ${input.batch.source}`,
  });
  let rows = 0;
  // While Redis takes the jobs of one chunk, the next is read and enrolled.
  let adding: Promise<void> = Promise.resolve();
  for await (const chunk of input.spool.read(CHUNK_ROWS)) {
    await keepAgreements(input, chunk);
    const needed = new Set(await ledger.enroll(batchId, chunk));
    const due = chunk.filter((row) => needed.has(row.row));
    await adding;
    const jobs = due.map(({ row, custSpaceId }) => ({ batchId, row, custSpaceId, round: 0 }));
    adding = addUploads(queues, jobs, { priority: input.batch.priority, delay: input.delayMs });
    // A failure is seen at the next await; until then it must not end the process.
    adding.catch(() => undefined);
    rows += chunk.length;
    input.onProgress?.(rows);
  }
  await adding;
  await ledger.seal(batchId, sourceKey);
  return { batchId, isResumed: interrupted !== undefined };
}

async function keepAgreements({ folder, store }: EnqueueInput, chunk: readonly SpooledRow[]): Promise<void> {
  const files = [...new Map(chunk.map((row) => [row.input.sha256, row.agreement]))];
  for (let index = 0; index < files.length; index += COPIES_AT_A_TIME)
    await Promise.all(
      files.slice(index, index + COPIES_AT_A_TIME).map(([sha256, name]) => folder.keep(name, sha256, store)),
    );
}

const EPOCH_MS = Date.UTC(2020, 0, 1);
const RANDOM_CHARACTERS = 3;

/**
 * Nine characters that sort by time: seconds since 2020 and a random part, in base 36. Short, because it stands in the
 * id of every job, and a job's hash stays small only while its values are (`queues.ts`).
 */
function newBatchId(now: number): string {
  const seconds = Math.floor((now - EPOCH_MS) / 1000)
    .toString(36)
    .padStart(6, '0');
  const random = randomInt(36 ** RANDOM_CHARACTERS)
    .toString(36)
    .padStart(RANDOM_CHARACTERS, '0');
  return seconds + random;
}
