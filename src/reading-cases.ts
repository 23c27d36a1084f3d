/** What can be read of batches; the use cases that change something build on it. */
import { AccountCases } from './account-cases.ts';
import { follow, type Snapshot } from './batch/follow.ts';
import type { Forecast, ForecastOrder } from './batch/forecast.ts';
import type { BatchesOrder, BatchesPage, ListedBatch } from './batch/list.ts';
import type { Rate } from './batch/rate.ts';
import type { ResultFile, ResultFilesOrder, ResultKind, ResultsOrder } from './batch/results.ts';
import type { RowsOrder } from './batch/row-candidates.ts';
import type { RowStory } from './batch/row-story.ts';
import type { RowsPage } from './batch/rows-page.ts';
import { type BatchStatus, readStatus } from './batch/status.ts';
import type { AccountWatch, BatchWatch } from './batch/watch.ts';
import type { Batch } from './ledger/batch-record.ts';
import type { LogEntry } from './ledger/log.ts';
import { type OfAccount, ofAccount, type Where } from './onboarding/account-view.ts';

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

  /** Where one batch stands, in few words. @throws AppError BATCH_UNKNOWN */
  async readBatch(batchId: string): Promise<ListedBatch> {
    const { judgeOne } = await import('./batch/list.ts');
    const open = await this.opened.lookAtBatch(batchId);
    return judgeOne(open, await open.ledger.requireBatch(batchId));
  }

  /** A page of the rows of a batch. @throws AppError BATCH_UNKNOWN */
  async rows(batchId: string, order: RowsOrder): Promise<RowsPage> {
    const { readRowsPage } = await import('./batch/rows-page.ts');
    return readRowsPage((await this.opened.lookAtBatch(batchId)).ledger, batchId, order);
  }

  /** One row with everything that is kept about it. @throws AppError BATCH_UNKNOWN, ROW_UNKNOWN */
  async row(batchId: string, row: number): Promise<RowStory> {
    const { readRowStory } = await import('./batch/row-story.ts');
    return readRowStory(await this.opened.lookAtBatch(batchId), batchId, row);
  }

  /** How fast a batch went, as far back as its events are kept. @throws AppError BATCH_UNKNOWN */
  async rate(batchId: string): Promise<Rate> {
    const { readRate } = await import('./batch/rate.ts');
    return readRate((await this.opened.lookAtBatch(batchId)).ledger, batchId);
  }

  /** For somebody who watches one batch. @throws AppError BATCH_UNKNOWN */
  async watchBatch(batchId: string): Promise<BatchWatch> {
    const { BatchWatch } = await import('./batch/watch.ts');
    return new BatchWatch(await this.opened.lookAtBatch(batchId), batchId);
  }

  /** For somebody who watches one account, or all. @throws AppError ACCOUNT_UNKNOWN */
  async watchAccounts({ account }: Where = {}): Promise<AccountWatch[]> {
    const { AccountWatch } = await import('./batch/watch.ts');
    return (await this.opened.look(account)).map((open) => new AccountWatch(open));
  }

  /** How long rows would take that are not registered yet. @throws AppError ACCOUNT_UNKNOWN */
  async forecast({ account, ...order }: ForecastOrder & Where): Promise<OfAccount<Forecast>> {
    const { forecast } = await import('./batch/forecast.ts');
    const open = await this.opened.lookAt(account);
    return ofAccount(open, await forecast(open, order));
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
