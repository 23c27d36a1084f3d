/**
 * How one limited call comes to leave: its row is marked and a slot taken in one step, and when the request is ready it
 * waits for that slot. A slot that has passed by then is given up for another, while the row stays marked by this run.
 */
import type { RowPatch, Transition } from '../src/ledger/transition.ts';
import { type Grant, grantOf } from '../src/pace/pacer.ts';
import type { MissedSlot, Slot } from '../src/pace/slot-line.ts';
import type { SlotQuestion } from '../src/pace/slot-script.ts';
import { rowName } from './peer-call.ts';
import type { Step, StepRun } from './step.ts';
import { take } from './take.ts';

export class Departure {
  readonly #step: Step;
  readonly #run: StepRun;
  readonly #fence: string | undefined;
  #slot: Slot | undefined;
  #isMarked = false;
  #isOver = false;

  constructor(step: Step, run: StepRun) {
    this.#step = step;
    this.#run = run;
    this.#fence = step.isExclusive ? run.attemptToken : undefined;
  }

  /**
   * Marks the row and takes a slot that is due soon.
   * @throws NotNow, BatchStopped, AppError TRANSITION_REFUSED or an abort; the row is as it was then
   */
  async begin(): Promise<void> {
    try {
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
    if (!this.#isMarked) return;
    const { account, data } = this.#run;
    await account.ledger.transition({
      ...data,
      to: this.#step.before,
      add: { attempts: -1 },
      fence: this.#fence,
    });
    this.#isMarked = false;
  }

  /** Where durability takes a wait of its own, the mark has to be written before. */
  async #markDurably(): Promise<void> {
    const { ledger, confirmMark } = this.#run.account;
    if (confirmMark === undefined) return;
    await ledger.transition(this.#mark());
    this.#isMarked = true;
    await confirmMark();
  }

  #takeSlot(missed?: MissedSlot): Promise<Slot> {
    const { pacer } = this.#run.account;
    const { stopping: signal, turn } = this.#run;
    const ask = async (question: SlotQuestion) => {
      const { now } = this.#run.account;
      const answer = await take(pacer.terms, question, {
        name: rowName(this.#run),
        mark: this.#mark(),
        now: now(),
      });
      this.#isMarked ||= 'due' in answer;
      return answer;
    };
    const onTurn = async () => {
      turn.isOurs = true;
      await this.#step.beforeProbe?.(this.#run);
    };
    return pacer.reserve(this.#step.name, { signal, ask, onTurn, missed });
  }

  #mark(): Transition {
    const { data, attemptToken } = this.#run;
    const token: RowPatch = this.#step.isExclusive ? { token: attemptToken } : {};
    const patch = { code: null, message: null, hint: null, class: null, ...token };
    const more = this.#isMarked ? { fence: this.#fence } : { add: { attempts: 1 } };
    return { ...data, to: this.#step.during, patch, ...more };
  }
}
