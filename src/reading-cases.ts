/** What can be read of batches; the use cases that change something build on it. */
import { AccountCases } from './account-cases.ts';
import { follow, type Snapshot } from './batch/follow.ts';
import type { BatchesOrder, BatchesPage } from './batch/list.ts';
import type { ResultFile, ResultFilesOrder, ResultKind, ResultsOrder } from './batch/results.ts';
import { type BatchStatus, readStatus } from './batch/status.ts';
import type { Batch } from './ledger/batch-record.ts';
import type { LogEntry } from './ledger/log.ts';
import type { Where } from './onboarding/account-view.ts';

export class ReadingCases extends AccountCases {
  /** The account to which a batch belongs. @throws AppError BATCH_UNKNOWN */
  async accountOfBatch(batchId: string): Promise<string> {
    return (await this.opened.lookAtBatch(batchId)).account.name;
  }

  /** A page of the batches of one account, or of all, the newest first. @throws AppError ACCOUNT_UNKNOWN */
  async listBatches({ account, ...order }: BatchesOrder & Where): Promise<BatchesPage> {
    const { listPage } = await import('./batch/list.ts');
    return listPage(await this.opened.look(account), order);
  }

  /** The newest batches of one account, or of all, the newest first. */
  async batches({ limit, account }: Where & { limit: number }): Promise<Batch[]> {
    const accounts = await this.opened.look(account);
    const lists = await Promise.all(accounts.map(({ ledger }) => ledger.listBatches(limit)));
    return lists
      .flat()
      .sort((a, b) => b.created - a.created)
      .slice(0, limit);
  }

  /** Where a batch stands, its redrives and its account included. */
  async status(batchId: string): Promise<BatchStatus> {
    return readStatus(await this.opened.lookAtBatch(batchId), batchId);
  }

  /** Yields where a batch stands, twice a second, until nothing more happens to it on its own. */
  async *follow(batchId: string): AsyncGenerator<Snapshot> {
    yield* follow(await this.opened.lookAtBatch(batchId), batchId);
  }

  /** What people did to a batch, oldest first. */
  async log(batchId: string): Promise<LogEntry[]> {
    return (await this.opened.lookAtBatch(batchId)).ledger.readLog(batchId);
  }

  /** Writes the proof: three files into a directory. */
  async writeResultFiles(batchId: string, order: ResultFilesOrder): Promise<ResultFile[]> {
    const { writeResultFiles } = await import('./batch/results.ts');
    return writeResultFiles((await this.opened.lookAtBatch(batchId)).ledger, batchId, order);
  }

  /** Streams the proof, each kind of rows to its output. @returns rows of each kind */
  async writeResults(batchId: string, order: ResultsOrder): Promise<Record<ResultKind, number>> {
    const { writeResults } = await import('./batch/results.ts');
    return writeResults((await this.opened.lookAtBatch(batchId)).ledger, batchId, order);
  }
}
