/**
 * Checks of drafts: few at a time in one process, because each takes all of a processor. What was checked of late is kept,
 * so that a correction does not have all rows checked again.
 */
import pLimit from 'p-limit';
import { type CheckedDraft, checkDraft, type DraftCheckOrder } from './check-draft.ts';
import type { OpenDraft } from './drafts.ts';
import { KeptRows } from './kept-rows.ts';
import { Lines } from './lines.ts';

const AT_A_TIME = 2;
/** Of all drafts that are kept, in characters: about 90,000 rows. */
const KEPT_LENGTH_MAX = 64 * 1024 * 1024;
/** Customers are not held longer than somebody works on them. */
const KEPT_MS = 15 * 60_000;

interface Held {
  rows: KeptRows;
  end: NodeJS.Timeout;
}

export class DraftChecks {
  readonly #turn = pLimit(AT_A_TIME);
  readonly #lines = new Lines();
  /** By id of the draft, the one used last at the end. */
  readonly #held = new Map<string, Held>();
  readonly #keptLengthMax: number;

  constructor({ keptLengthMax = KEPT_LENGTH_MAX } = {}) {
    this.#keptLengthMax = keptLengthMax;
  }

  check(draft: OpenDraft, order: DraftCheckOrder): Promise<CheckedDraft> {
    return this.#lines.inLine(draft.id, () => this.#turn(() => this.#check(draft, order)));
  }

  /** Holds nothing of this draft any more. */
  forget(id: string): void {
    clearTimeout(this.#held.get(id)?.end);
    this.#held.delete(id);
  }

  async #check(draft: OpenDraft, order: DraftCheckOrder): Promise<CheckedDraft> {
    const known = this.#held.get(draft.id)?.rows;
    // Whatever goes wrong, nothing is kept that was half corrected.
    this.forget(draft.id);
    const rows = known?.isOf(draft, order) ? known : new KeptRows(draft, order);
    const checked =
      rows === known ? await rows.check(draft, order) : await this.#checkAll(draft, order, rows);
    if (checked.problem === undefined && rows.length <= this.#keptLengthMax) this.#hold(draft.id, rows);
    return checked;
  }

  async #checkAll(draft: OpenDraft, order: DraftCheckOrder, rows: KeptRows): Promise<CheckedDraft> {
    const checked = await checkDraft(draft, order, {
      onRow: (row, verdict) => {
        if (rows.length <= this.#keptLengthMax) rows.add(row, verdict);
        else rows.clear();
      },
    });
    rows.end(checked, draft.remarks.length);
    return checked;
  }

  #hold(id: string, rows: KeptRows): void {
    this.#held.set(id, { rows, end: setTimeout(() => this.forget(id), KEPT_MS).unref() });
    let length = 0;
    for (const held of this.#held.values()) length += held.rows.length;
    for (const [oldest, held] of this.#held) {
      if (length <= this.#keptLengthMax) return;
      length -= held.rows.length;
      this.forget(oldest);
    }
  }
}
