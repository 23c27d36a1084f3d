/** Puts validated rows into a batch and their jobs into the queue; a kill at any point loses nothing and doubles nothing. */
import type { AgreementFolder } from '../agreement/folder.ts';
import type { AgreementStore } from '../agreement/store.ts';
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import { addJobs } from '../queue/add.ts';
import type { Spool, SpooledRow } from './spool.ts';

/** Agreements copied at a time. */
const COPIES_AT_A_TIME = 16;

export interface EnqueueInput extends Pick<OpenAccount, 'ledger' | 'queues' | 'traces' | 'now'> {
  store: AgreementStore;
  folder: AgreementFolder;
  spool: Spool;
  batchId: string;
  priority: number;
  /** Earliest time at which the rows may be sent, in milliseconds since 1970; absent for at once. */
  notBefore?: number;
  onProgress?: (rows: number) => void;
}

/**
 * Order matters: an agreement is stored before its row exists, a row before its job. Whatever is repeated after a
 * kill is there already and stays as it is.
 */
export function enqueue(input: EnqueueInput): Promise<void> {
  return input.traces.span('import', { batch: input.batchId }, () => addAll(input));
}

async function addAll(input: EnqueueInput): Promise<void> {
  const { batchId, priority, notBefore, queues, now } = input;
  const delay = notBefore === undefined ? undefined : Math.max(notBefore - now(), 0);
  let rows = 0;
  // While Redis takes the jobs of one chunk, the next is read and enrolled.
  let adding: Promise<void> = Promise.resolve();
  for await (const chunk of input.spool.read(CHUNK_ROWS)) {
    await keepAgreements(input, chunk);
    const due = await enroll(input.ledger, batchId, chunk);
    await adding;
    const jobs = due.map(({ row, custSpaceId }) => ({ batchId, row, custSpaceId, redrive: 0 }));
    adding = addJobs(queues, 'upload', jobs, { priority, delay });
    // A failure is seen at the next await; until then it must not end the process.
    adding.catch(() => undefined);
    rows += chunk.length;
    input.onProgress?.(rows);
  }
  await adding;
  input.traces.tell({ rows });
}

/** @returns the rows of the chunk that need a job */
async function enroll(ledger: Ledger, batchId: string, chunk: readonly SpooledRow[]): Promise<SpooledRow[]> {
  const needed = new Set(await ledger.enroll(batchId, chunk));
  return chunk.filter(({ row }) => needed.has(row));
}

async function keepAgreements({ folder, store }: EnqueueInput, chunk: readonly SpooledRow[]): Promise<void> {
  const files = [...new Map(chunk.map((row) => [row.input.sha256, row.agreement]))];
  for (let index = 0; index < files.length; index += COPIES_AT_A_TIME)
    await Promise.all(
      files.slice(index, index + COPIES_AT_A_TIME).map(([sha256, name]) => folder.keep(name, sha256, store)),
    );
}
