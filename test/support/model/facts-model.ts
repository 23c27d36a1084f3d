/** The model of what is decided about a batch, and of what people see of it (ledger.md §2). */
import { isActive, type Snapshot } from './snapshot.ts';

export interface FactsModel {
  kind: 'import' | 'stream';
  isSealed: boolean;
  isCancelled: boolean;
  isPaused: boolean;
  isPurging: boolean;
  isGone: boolean;
  maxFailures: number;
  redrives: number;
}

export const newFacts = (kind: FactsModel['kind'], maxFailures: number): FactsModel => ({
  kind,
  isSealed: false,
  isCancelled: false,
  isPaused: false,
  isPurging: false,
  isGone: false,
  maxFailures,
  redrives: 0,
});

export function hasActive(snapshot: Snapshot, batchId: string): boolean {
  return [...(snapshot.batches.get(batchId)?.rows.values() ?? [])].some(isActive);
}

export function stateOf(facts: FactsModel, active: boolean): string {
  if (facts.isCancelled) return active ? 'cancelling' : 'finished';
  if (facts.isPaused) return 'paused';
  if (!facts.isSealed && facts.kind === 'import') return 'enqueuing';
  if (active) return 'running';
  return facts.isSealed ? 'finished' : 'open';
}

export type Change = 'seal' | 'cancel' | 'pause' | 'resume' | 'redrive' | 'retry' | 'throttled';

/** What a change says, as the specification has it; where it is done, the model follows. */
export function changeFacts(facts: FactsModel, change: Change, active: boolean): string {
  if (facts.isGone) return 'gone';
  if (facts.isPurging) return 'purging';
  const obstacle = obstacleTo(facts, change, active);
  if (obstacle !== undefined) return obstacle;
  if (change === 'seal' || change === 'cancel') facts.isSealed = true;
  if (change === 'cancel') facts.isCancelled = true;
  if (change === 'pause') facts.isPaused = true;
  if (change === 'resume' || change === 'cancel') facts.isPaused = false;
  if (change === 'retry') facts.isCancelled = false;
  if (change === 'retry' || change === 'redrive') facts.redrives++;
  return 'done';
}

function obstacleTo(facts: FactsModel, change: Change, active: boolean): string | undefined {
  const isFinished = stateOf(facts, active) === 'finished';
  if (change === 'seal' && facts.isSealed) return 'sealed';
  if (change === 'cancel' && facts.isCancelled) return 'cancelled';
  if (change === 'cancel' && isFinished) return 'finished';
  if (change === 'pause' && facts.isPaused) return 'paused';
  if (change === 'pause' && facts.isCancelled) return 'cancelled';
  if (change === 'pause' && isFinished) return 'finished';
  if (change === 'resume' && !facts.isPaused) return 'running';
  if (change === 'redrive' && facts.isCancelled) return 'cancelled';
  if (change === 'retry' && facts.isCancelled && active) return 'cancelling';
  return undefined;
}
