/**
 * How one limited call comes to leave: its row is marked and a slot taken in one step, and when the request is ready it
 * waits for that slot. A slot that has passed by then is given up for another, while the row stays marked by this run.
 */
import { giveJobsTo } from '../src/batch/give-jobs.ts';
import type { RowRecord } from '../src/ledger/row-record.ts';
import type { RowPatch, Transition } from '../src/ledger/transition.ts';
import { beginWrites } from '../src/onboarding/durably.ts';
import { type Grant, grantOf } from '../src/pace/pacer.ts';
import type { MissedSlot, Slot } from '../src/pace/slot-line.ts';
import type { SlotQuestion } from '../src/pace/slot-script.ts';
import { Obstacle } from './obstacle.ts';
import { rowName } from './peer-call.ts';
import { assertForward } from './seq-watch.ts';
import type { Step, StepRun } from './step.ts';
import { take } from './take.ts';

export class Departure {
  readonly #step: Step;
  readonly #run: StepRun;
  readonly #fence: string | undefined;
  #slot: Slot | undefined;
  /** As it is marked; undefined while it is not. */
  #record: RowRecord | undefined;
  #isDurableAtOnce = true;
  #isOver = false;

  constructor(step: Step, run: StepRun) {
    this.#step = step;
    this.#run = run;
    this.#fence = step.isExclusive ? run.attemptToken : undefined;
  }

  /**
   * Marks the row and takes a slot that is due soon.
   * @throws NotNow, Obstacle or an abort; the row is not marked then
   */
  async begin(): Promise<void> {
    try {
      if (this.#step.isExclusive) await this.#run.account.noted.assertLearnt(this.#run.stopping);
      await this.#markDurably();
      this.#slot = await this.#takeSlot();
    } catch (error) {
      await this.undo();
      throw error;
    }
  }

  /** Resolves when the request may leave. @throws as `begin` does, but the row stays marked */
  async leave(): Promise<void> {
    const { account, stopping } = this.#run;
    for (let slot = this.#slot; slot !== undefined; slot = this.#slot) {
      const missed = await account.pacer.depart(this.#step.name, slot, stopping);
      if (missed === undefined) return;
      // The request may have failed meanwhile, and its row gone another way.
      if (this.#isOver) throw new Error('The call has ended.');
      this.#slot = await this.#takeSlot(missed);
    }
  }

  /** The row as it was marked for the call. */
  get record(): RowRecord {
    if (!this.#record) throw new Error('The row is not marked.');
    return this.#record;
  }

  /** What the slot says about the call that it was for. */
  get grant(): Grant | undefined {
    return this.#slot && grantOf(this.#slot);
  }

  /** No slot is taken any more. */
  end(): void {
    this.#isOver = true;
  }

  /** Nothing was sent, so nothing may look sent. */
  async undo(): Promise<void> {
    if (!this.#record) return;
    const { account, data } = this.#run;
    const { promoted } = await account.ledger.transition({
      ...data,
      to: this.#step.before,
      add: { attempts: -1 },
      fence: this.#fence,
    });
    await giveJobsTo(account, promoted);
    this.#record = undefined;
  }

  /** Where durability takes a wait of its own, the mark has to be written before; what follows only renews it. */
  async #markDurably(): Promise<void> {
    if (!this.#step.isExclusive) return;
    const { ledger, seqWatch } = this.#run.account;
    const writes = await beginWrites(this.#run.account);
    this.#isDurableAtOnce = !writes.needsWait;
    if (this.#isDurableAtOnce) return;
    const { last } = seqWatch;
    const marked = await ledger.markRow(this.#mark());
    if (marked.verdict !== 'marked') throw new Obstacle(marked.verdict, marked);
    await this.#noteMark(marked.record, last);
    await writes.confirm();
    this.#confirm(marked.record?.seq ?? 0);
  }

  async #noteMark(record: RowRecord | null | undefined, last: number): Promise<void> {
    if (!record) return;
    this.#record = record;
    if (!this.#step.isExclusive) return;
    const { seq = 0 } = record;
    await assertForward(this.#run.account, { seq, last });
    // A number that a failover may forget must not count as given.
    if (this.#isDurableAtOnce) this.#confirm(seq);
  }

  #confirm(seq: number): void {
    const { seqWatch, noted } = this.#run.account;
    seqWatch.confirm(seq);
    noted.noteSoon();
  }

  #takeSlot(missed?: MissedSlot): Promise<Slot> {
    const { pacer, seqWatch, outage, noted } = this.#run.account;
    const { stopping: signal, turn } = this.#run;
    // Another Redis may have come while it waited for its turn.
    const beforeAsking = this.#step.isExclusive ? () => noted.assertLearnt(signal) : undefined;
    const ask = async (question: SlotQuestion) => {
      const { last } = seqWatch;
      const askedAt = performance.now();
      const taking = { name: rowName(this.#run), mark: this.#mark() };
      const { answer, record } = await take(pacer.terms, question, taking);
      if ('due' in answer && answer.isQuiet) outage.hearQuiet(askedAt);
      await this.#noteMark(record, last);
      return answer;
    };
    const onTurn = async () => {
      turn.isOurs = true;
      await this.#step.beforeProbe?.(this.#run);
    };
    return pacer.reserve(this.#step.name, { signal, beforeAsking, ask, onTurn, missed });
  }

  #mark(): Transition {
    const { account, data, attemptToken } = this.#run;
    const process = account.heartbeats.processId;
    const owner: RowPatch = this.#step.isExclusive ? { token: attemptToken, process } : {};
    const patch = { code: null, message: null, hint: null, class: null, ...owner };
    const more = this.#record ? { fence: this.#fence } : { add: { attempts: 1 } };
    return { ...data, to: this.#step.during, patch, ...more };
  }
}
